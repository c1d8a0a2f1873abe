import type pg from 'pg';

/**
 * Gives a connection back to the pool as soon as the server has ended it, whoever holds it. A transaction whose `begin`
 * or `rollback` meets a dead connection is forgotten by the query builder without being given back, and a pool that
 * lost all its places that way would wait for ever.
 */
export function returnLostConnections(pool: Pick<pg.Pool, 'connect'>): void {
  const connect = pool.connect.bind(pool) as (...call: unknown[]) => Promise<pg.PoolClient>;
  const watched = async (): Promise<pg.PoolClient> => watch(await connect());
  // with a callback it is the pool itself that calls, and it takes care
  pool.connect = ((...call: unknown[]) => (call.length > 0 ? connect(...call) : watched())) as pg.Pool['connect'];
}

function watch(client: pg.PoolClient): pg.PoolClient {
  const release = client.release.bind(client);
  let isReleased = false;
  const once = (error?: Error | boolean): void => {
    if (isReleased) return;
    isReleased = true;
    client.off('end', lost);
    release(error);
  };
  const lost = (): void => once(true);
  client.once('end', lost);
  client.release = once;
  return client;
}
