import type { Viewer } from '@muster/kit/auth/viewer';
import { defineSubgraph, type ReferenceResolver, type Subgraph } from '@muster/kit/federation';
import { isId } from '@muster/kit/ids';
import { batchPerCall } from '@muster/kit/loader';
import { AccessRequestResolver } from './access-requests/access-request.resolver.ts';
import { ApiKeyResolver } from './api-keys/api-key.resolver.ts';
import { ActorResolver } from './audit/actor.resolver.ts';
import { AuditResolver } from './audit/audit.resolver.ts';
import { OrganizationResolver } from './organizations/organization.resolver.ts';
import { SiteResolver } from './organizations/site.resolver.ts';
import { AccessResolver } from './roles/access.resolver.ts';
import { GrantResolver } from './roles/grant.resolver.ts';
import { RoleResolver } from './roles/role.resolver.ts';
import type { AccountsRules } from './rules.ts';
import { SessionResolver } from './sessions/session.resolver.ts';
import { SessionListResolver } from './sessions/session-list.resolver.ts';
import { SettingsResolver } from './settings/settings.resolver.ts';
import { SetupResolver } from './setup/setup.resolver.ts';
import { PasswordResolver } from './users/password.resolver.ts';
import { UserResolver } from './users/user.resolver.ts';
import { UserFieldsResolver } from './users/user-fields.resolver.ts';
import { ViewerResolver } from './viewer/viewer.resolver.ts';

const name = 'accounts';
const resolvers = [
  ViewerResolver,
  SetupResolver,
  SettingsResolver,
  SessionResolver,
  SessionListResolver,
  OrganizationResolver,
  SiteResolver,
  UserResolver,
  UserFieldsResolver,
  PasswordResolver,
  AccessRequestResolver,
  RoleResolver,
  GrantResolver,
  AccessResolver,
  ApiKeyResolver,
  AuditResolver,
  ActorResolver,
];

/** The executable accounts subgraph over its rules. */
export function createSubgraph(rules: AccountsRules): Subgraph {
  const { users, organizations, sites } = rules;
  return defineSubgraph({
    name,
    resolvers,
    instances: [
      new ViewerResolver(rules),
      new SetupResolver(rules.setup, rules.settings),
      new SettingsResolver(rules.settings),
      new SessionResolver(rules),
      new SessionListResolver(rules.revocations),
      new OrganizationResolver(organizations, sites),
      new SiteResolver(sites, organizations),
      new UserResolver(rules),
      new UserFieldsResolver(rules),
      new PasswordResolver(rules.passwordChanges),
      new AccessRequestResolver(rules.accessRequests),
      new RoleResolver(rules.roles),
      new GrantResolver(rules),
      new AccessResolver(rules.explainAccess),
      new ApiKeyResolver(rules.apiKeys),
      new AuditResolver(rules.auditTrail, organizations),
      new ActorResolver(users),
    ],
    references: {
      Organization: referenceTo((ids, viewer) => organizations.findVisible(ids, viewer)),
      Site: referenceTo((ids, viewer) => sites.findVisible(ids, viewer)),
      User: referenceTo((ids, viewer) => users.findVisible(ids, viewer)),
    },
  });
}

/** The SDL that composition reads; needs no database. */
export function printSdl(): string {
  return defineSubgraph({ name, resolvers }).sdl;
}

function referenceTo<T>(
  find: (ids: readonly string[], viewer: Viewer) => Promise<ReadonlyMap<string, T>>,
): ReferenceResolver {
  const lookUp = batchPerCall((ids, { viewer }) => find(ids, viewer));
  return ({ id }, context) => (isId(id) ? lookUp(id, context) : null);
}
