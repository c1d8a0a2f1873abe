import type { Viewer } from '@muster/kit/auth/viewer';
import { defineSubgraph, type ReferenceResolver, type Subgraph } from '@muster/kit/federation';
import { isId } from '@muster/kit/ids';
import { batchPerCall } from '@muster/kit/loader';
import { OrganizationResolver } from './organizations/organization.resolver.ts';
import type { Organizations } from './organizations/organizations.ts';
import { SiteResolver } from './organizations/site.resolver.ts';
import type { Sites } from './organizations/sites.ts';
import type { LogIn } from './sessions/log-in.ts';
import { SessionResolver } from './sessions/session.resolver.ts';
import type { Sessions } from './sessions/sessions.ts';
import { SetupResolver } from './setup/setup.resolver.ts';
import type { Setup } from './setup/setup.ts';
import type { Users } from './users/users.ts';
import { ViewerResolver } from './viewer/viewer.resolver.ts';

/** The rules that the graph of accounts stands on. */
export interface AccountsRules {
  readonly users: Users;
  readonly organizations: Organizations;
  readonly sites: Sites;
  readonly sessions: Sessions;
  readonly logIn: LogIn;
  readonly setup: Setup;
}

const name = 'accounts';
const resolvers = [ViewerResolver, SetupResolver, SessionResolver, OrganizationResolver, SiteResolver];

/** The executable accounts subgraph over its rules. */
export function createSubgraph(rules: AccountsRules): Subgraph {
  const { users, organizations, sites, sessions, logIn, setup } = rules;
  return defineSubgraph({
    name,
    resolvers,
    instances: [
      new ViewerResolver(users),
      new SetupResolver(setup),
      new SessionResolver(sessions, logIn),
      new OrganizationResolver(organizations, sites),
      new SiteResolver(sites, organizations),
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
