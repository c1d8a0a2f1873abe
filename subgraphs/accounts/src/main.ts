import type { Service, ServiceBase } from '@muster/kit/service';
import { Organizations } from './organizations/organizations.ts';
import { Sites } from './organizations/sites.ts';
import { createSubgraph } from './schema.ts';
import { LogIn } from './sessions/log-in.ts';
import { defaultSessionLimits, type SessionLimits } from './sessions/session-limits.ts';
import { Sessions } from './sessions/sessions.ts';
import { Throttle } from './sessions/throttle.ts';
import { Setup } from './setup/setup.ts';
import { Store } from './store.ts';
import { Passwords } from './users/passwords.ts';
import { Users } from './users/users.ts';

/** What accounts can be told. */
export interface AccountsOptions extends ServiceBase {
  readonly databaseUrl: string;
  /** Used as the set-up secret instead of a fresh one. */
  readonly setupSecret?: string | undefined;
  readonly sessionLimits?: Partial<SessionLimits> | undefined;
  readonly maxConnections?: number | undefined;
  readonly now?: (() => Date) | undefined;
}

/** The accounts service, and the state of the one-time set-up. */
export interface AccountsService extends Service {
  readonly setup: Pick<Setup, 'isComplete' | 'secret'>;
}

/** Starts accounts: connects, migrates, makes the set-up secret of this start, and answers. */
export async function startAccounts(options: AccountsOptions): Promise<AccountsService> {
  const store = await Store.open(options.databaseUrl, { maxConnections: options.maxConnections });
  try {
    return await composeAccounts(store, options);
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

/** The service over an open store, which it closes in the end. */
export async function composeAccounts(
  store: Store,
  options: Omit<AccountsOptions, 'databaseUrl'>,
): Promise<AccountsService> {
  const { log, now = () => new Date() } = options;
  const limits = { ...defaultSessionLimits, ...options.sessionLimits };
  const passwords = await Passwords.create();
  const users = new Users(store);
  const organizations = new Organizations(store, now);
  const sites = new Sites(store, now);
  const sessions = new Sessions({ store, limits, now });
  const logIn = new LogIn({ store, users, sessions, passwords, throttle: new Throttle(now) });
  const setup = await Setup.open({ store, organizations, sessions, passwords, log, now }, options.setupSecret);
  return {
    ...createSubgraph({ users, organizations, sites, sessions, logIn, setup }),
    setup,
    checkReady: () => store.checkReady(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
