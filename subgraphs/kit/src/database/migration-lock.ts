import pg from 'pg';
import { AppError } from '../errors.ts';

/**
 * Runs the work while no other process migrates this schema: replicas that start together take turns. Tells in plain
 * words when the database cannot be reached.
 */
export async function withMigrationLock<T>(
  database: { readonly url: string; readonly schema: string },
  work: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 10_000 });
  // losing this connection loses only the lock; the work has its own connections and fails by itself
  client.on('error', () => {});
  await client.connect().catch(cause => {
    throw toStartError(database.schema, cause);
  });
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [`muster.migrate.${database.schema}`]);
    return await work();
  } finally {
    await client.end();
  }
}

/** Codes by which a server that answers says that the address is wrong rather than that it is busy or starting. */
const REFUSAL = /^(28...|3D000|42501)$/;

function toStartError(schema: string, cause: Error & { code?: unknown }): AppError {
  const reason = typeof cause.code === 'string' && cause.code !== '' ? cause.code : cause.message;
  if (cause instanceof pg.DatabaseError && REFUSAL.test(reason))
    return new AppError('PRECONDITION_FAILED', `The database of ${schema} refuses the connection: ${cause.message}.`, {
      cause,
    });
  return new AppError('SERVICE_UNAVAILABLE', `The database of ${schema} does not answer (${reason}).`, { cause });
}
