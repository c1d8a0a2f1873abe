import type { Service, ServiceBase } from '@muster/kit/service';
import type { Mailer } from './mailer.ts';
import { createRules } from './rules.ts';
import { createSubgraph } from './schema.ts';
import { defaultSessionLimits, type SessionLimits } from './sessions/session-limits.ts';
import type { Setup } from './setup/setup.ts';
import { Store } from './store.ts';

/** What accounts can be told. */
export interface AccountsOptions extends ServiceBase {
  readonly databaseUrl: string;
  /** Where people reach the console; links to it begin with this. */
  readonly publicUrl?: string | undefined;
  /** Without one, links are shown to who asked for them. */
  readonly mailer?: Mailer | undefined;
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

const DEFAULT_PUBLIC_URL = 'http://localhost:4400';

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
  const { log, mailer, setupSecret, publicUrl = DEFAULT_PUBLIC_URL, now = () => new Date() } = options;
  const limits = { ...defaultSessionLimits, ...options.sessionLimits };
  const rules = await createRules({ store, limits, publicUrl, mailer, setupSecret, log, now });
  return {
    ...createSubgraph(rules),
    setup: rules.setup,
    checkReady: () => store.checkReady(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
