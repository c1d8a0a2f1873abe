import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/postgres.ts';
import { inTransaction } from './transaction.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase('transaction');
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  await pool.query('create table thing (id int primary key)');
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const things = async () =>
  (await pool.query<{ id: number }>('select id from thing order by id')).rows.map(({ id }) => id);

test('what the work has done is kept together', async () => {
  const answer = await inTransaction(pool, async client => {
    await client.query('insert into thing values (1)');
    return 'done';
  });

  expect(answer).toBe('done');
  expect(await things()).toEqual([1]);
});

test('what throws undoes all of it, and the connection is good for more', async () => {
  const work = inTransaction(pool, async client => {
    await client.query('insert into thing values (2)');
    await client.query('insert into thing values (2)');
  });

  await expect(work).rejects.toMatchObject({ code: '23505' });
  expect(await things()).toEqual([1]);
});

test('a connection that is lost in the middle is not used again', async () => {
  const work = inTransaction(pool, async client => {
    client.on('error', () => {});
    await client.query('select pg_terminate_backend(pg_backend_pid())');
  });

  await expect(work).rejects.toThrow();
  expect(await things()).toEqual([1]);
});
