import type { Viewer } from '@muster/kit/auth/viewer';
import { createContext, type RequestContext } from '@muster/kit/context';
import { provisionDatabase } from '@muster/kit/database/provision';
import { InProcessExecutor } from '@muster/kit/in-process';
import { createLog } from '@muster/kit/log';
import { createTestDatabase } from '@muster/kit/testing/postgres';
import { query } from '@muster/kit/testing/query';
import type { FormattedExecutionResult } from 'graphql';
import { type AccountsOptions, type AccountsService, startAccounts } from '../main.ts';
import { accountsSchemas } from '../store.ts';

/** What the first administrator of tests is called and signs in with. */
export const administrator = {
  email: 'grace@example.com',
  name: 'Grace Hopper',
  password: 'nanoseconds are wires',
  organizationName: 'Acme',
} as const;

/** The secret that test services are set up with. */
export const setupSecret = 'the-secret-of-the-tests';

/** A database with the schemas of accounts, and the addresses of its superuser and of the service's own role. */
export interface AccountsDatabase extends AsyncDisposable {
  readonly adminUrl: string;
  readonly url: string;
}

/** Provisions an empty database as an installation does. */
export async function createAccountsDatabase(): Promise<AccountsDatabase> {
  const database = await createTestDatabase('accounts');
  const provisioned = await provisionDatabase(database.url, [accountsSchemas], service => `password-of-${service}`);
  return {
    adminUrl: database.url,
    url: provisioned.get('accounts')?.url ?? '',
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** One call's answer, and what it asks of the transport. */
export interface Answer extends FormattedExecutionResult {
  readonly context: RequestContext;
}

/** A running service on a database of its own, called through its schema. */
export interface TestAccounts extends AsyncDisposable {
  readonly service: AccountsService;
  readonly database: AccountsDatabase;
  call(query: string, variables?: Record<string, unknown>, context?: RequestContext): Promise<Answer>;
  /** Rows that only the superuser may read. */
  rows<T = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<T[]>;
}

/** Starts accounts as the unprivileged role that it has in an installation. */
export async function startTestAccounts(options: Partial<AccountsOptions> = {}): Promise<TestAccounts> {
  const database = await createAccountsDatabase();
  const service = await startAccounts({ databaseUrl: database.url, log: silentLog, setupSecret, ...options });
  return {
    ...callable(service),
    database,
    rows: (sql, values) => query(database.adminUrl, sql, values),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Calls a service as the router does. */
export function callable(service: AccountsService): Pick<TestAccounts, 'service' | 'call'> {
  const executor = new InProcessExecutor(service.schema, error => defects.push(error));
  return {
    service,
    call: async (text, variables, context = createContext()) => ({
      ...(await executor.execute({ query: text, variables }, context)),
      context,
    }),
  };
}

/** What services hid from callers as INTERNAL, for tests that want none. */
export const defects: unknown[] = [];

/** Discards everything. */
export const silentLog = createLog({ level: 'silent' });

/** A context of a person with these rights. */
export function contextOf(viewer: Partial<Viewer>): RequestContext {
  return createContext({ viewer: { ...nobody, ...viewer } });
}

const nobody: Viewer = {
  kind: 'USER',
  id: '01990000-0000-7000-8000-000000000000',
  name: 'Somebody',
  permissions: [],
  scope: { kind: 'ORGANIZATIONS', ids: [] },
};

/** Codes of the answer's errors. */
export function codesOf(answer: FormattedExecutionResult): unknown[] {
  return (answer.errors ?? []).map(error => error.extensions?.code);
}
