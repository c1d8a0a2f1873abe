import type pg from 'pg';

/** Runs the work on one connection of the pool between begin and commit; what it throws undoes all of it. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    const isUndone = await client.query('rollback').then(
      () => true,
      () => false,
    );
    // a connection in an unknown state is not used again
    client.release(!isUndone);
    throw error;
  }
}
