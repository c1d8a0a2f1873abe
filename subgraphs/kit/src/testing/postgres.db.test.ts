import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { createTestDatabase } from './postgres.ts';

test('gives each caller an empty database of its own', async () => {
  await using first = await createTestDatabase('accounts');
  await using second = await createTestDatabase('accounts');

  await query(first.url, 'create table mine (n int)');

  expect(await query(second.url, `select to_regclass('mine') as found`)).toEqual([{ found: null }]);
});

test('drops the database although somebody is connected', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client(database.url);
  client.on('error', () => undefined); // being thrown out is the point
  await client.connect();

  await database[Symbol.asyncDispose]();

  const name = new URL(database.url).pathname.slice(1);
  expect(await query(inject('postgresUrl'), `select from pg_database where datname = '${name}'`)).toEqual([]);
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
