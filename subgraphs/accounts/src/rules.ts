import type { Log } from '@muster/kit/log';
import { AccessRequests } from './access-requests/access-requests.ts';
import { ApiKeys } from './api-keys/api-keys.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import type { Mailer } from './mailer.ts';
import { Organizations } from './organizations/organizations.ts';
import { Sites } from './organizations/sites.ts';
import { ExplainAccess } from './roles/explain-access.ts';
import { Grants } from './roles/grants.ts';
import { Roles } from './roles/roles.ts';
import { Credentials } from './sessions/credentials.ts';
import { LogIn } from './sessions/log-in.ts';
import type { SessionLimits } from './sessions/session-limits.ts';
import { SessionRevocations } from './sessions/session-revocations.ts';
import { Sessions } from './sessions/sessions.ts';
import { requestLimits, Throttle } from './sessions/throttle.ts';
import { Settings } from './settings/settings.ts';
import { Setup } from './setup/setup.ts';
import type { Store } from './store.ts';
import { Invitations } from './users/invitations.ts';
import { Locks } from './users/locks.ts';
import { OneTimeLinks } from './users/one-time-links.ts';
import { PasswordChanges } from './users/password-changes.ts';
import { Passwords } from './users/passwords.ts';
import { Users } from './users/users.ts';

/** What the rules are made with. */
export interface RulesDeps {
  readonly store: Store;
  readonly limits: SessionLimits;
  readonly publicUrl: string;
  readonly mailer?: Mailer | undefined;
  readonly setupSecret?: string | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** The rules that the graph of accounts stands on. */
export type AccountsRules = Awaited<ReturnType<typeof createRules>>;

/** Everything that accounts can do, wired up; the set-up secret of this start is made here. */
export async function createRules(deps: RulesDeps) {
  const { store, limits, log, now } = deps;
  const passwords = await Passwords.create();
  const throttle = new Throttle(now);
  const users = new Users(store);
  const organizations = new Organizations(store, now);
  const sessions = new Sessions({ store, limits, now });
  const apiKeys = new ApiKeys({ store, users, now });
  const links = new OneTimeLinks(deps);
  const settings = new Settings(store);
  const invitations = new Invitations({ store, users, sessions, passwords, links, now });
  const requests = new Throttle(now, requestLimits);
  return {
    users,
    organizations,
    sites: new Sites(store, now),
    sessions,
    apiKeys,
    credentials: new Credentials(sessions, apiKeys),
    revocations: new SessionRevocations(store, users),
    logIn: new LogIn({ store, users, sessions, passwords, throttle }),
    settings,
    invitations,
    locks: new Locks(store, users),
    passwordChanges: new PasswordChanges({ store, users, passwords, links, throttle, requests }),
    accessRequests: new AccessRequests({ store, settings, invitations, throttle: requests, now }),
    roles: new Roles(store),
    grants: new Grants(store, now),
    explainAccess: new ExplainAccess(store),
    auditTrail: new AuditTrail(store),
    setup: await Setup.open({ store, organizations, sessions, passwords, log, now }, deps.setupSecret),
  };
}
