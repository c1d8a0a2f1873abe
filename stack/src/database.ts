import { join } from 'node:path';
import type { Log } from '@muster/kit/log';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@muster/kit/postgres/embedded';
import pg from 'pg';
import { StartError } from './start-error.ts';

const DATABASE = 'muster';
const OLDEST_SUPPORTED = 15;
const CONNECT_TIMEOUT_MS = 10_000;

/** The database that the services stand on; disposing it stops the embedded server and leaves an external one alone. */
export interface StackDatabase extends AsyncDisposable {
  readonly url: string;
}

/** The external PostgreSQL where a URL is given, else the embedded one of the data directory. */
export async function openStackDatabase(options: {
  url: string | undefined;
  directory: string;
  log: Log;
}): Promise<StackDatabase> {
  const { url, directory, log } = options;
  if (url) {
    await requireUsable(url);
    return { url, [Symbol.asyncDispose]: async () => {} };
  }
  const postgres = await startEmbeddedPostgres({
    directory: join(directory, 'postgres'),
    log: message => log.info(message),
  });
  try {
    await ensureDatabase(postgres);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return { url: postgres.url(DATABASE), [Symbol.asyncDispose]: () => postgres.stop() };
}

async function ensureDatabase(postgres: EmbeddedPostgres): Promise<void> {
  await withClient(postgres.url('postgres'), async client => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
}

async function requireUsable(url: string): Promise<void> {
  const { host } = new URL(url);
  const version = await withClient(
    url,
    async client => (await client.query<{ v: string }>(`select current_setting('server_version_num') as v`)).rows[0]?.v,
  ).catch(cause => {
    throw new StartError(
      'SERVICE_UNAVAILABLE',
      `The PostgreSQL of DATABASE_URL (${host}) cannot be used: ${reasonOf(cause)}. Nothing was changed.`,
      { cause },
    );
  });
  const major = Math.floor(Number(version) / 10_000);
  if (major < OLDEST_SUPPORTED)
    throw new StartError(
      'PRECONDITION_FAILED',
      `The PostgreSQL of DATABASE_URL is version ${major}; Muster needs ${OLDEST_SUPPORTED} or newer.`,
    );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nobody listens there',
    ENOTFOUND: 'its name is not known',
    '28P01': 'it refuses the password',
    '3D000': 'it has no such database',
  };
  return reasons[code ?? ''] ?? message ?? 'it does not answer';
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
