import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** An empty database of one test's own. */
export interface TestDatabase extends AsyncDisposable {
  /** Its address for the superuser. */
  readonly url: string;
}

/** Makes a fresh database on the test server; disposing it drops it, whoever is still connected. */
export async function createTestDatabase(name = 'test'): Promise<TestDatabase> {
  const database = `${name}_${randomBytes(6).toString('hex')}`;
  await administer(client => client.query(`create database ${client.escapeIdentifier(database)}`));
  return {
    url: addressOf(database),
    [Symbol.asyncDispose]: () =>
      administer(client => client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`)),
  };
}

async function administer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function addressOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.href;
}
