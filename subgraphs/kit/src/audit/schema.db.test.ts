import pg from 'pg';
import { expect, test } from 'vitest';
import { provisionDatabase } from '../database/provision.ts';
import { createTestDatabase } from '../testing/postgres.ts';

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const event = JSON.stringify({
  id: '01a20378-5d0b-7594-b8e8-2f221a46edac',
  actorKind: 'USER',
  actorId: 'u1',
  actorName: 'Ada',
  action: 'test.done',
  outcome: 'SUCCEEDED',
  requestId: 'r1',
});

test('a service may add to the audit trail, and neither read nor change it', async () => {
  await using database = await createTestDatabase('provision');
  const services = await provisionDatabase(database.url, ['one'], () => 'password');

  await withClient(services.get('one')!.url, async client => {
    await client.query('select audit.append($1::jsonb)', [event]);
    for (const sql of [
      'select * from audit.event',
      'delete from audit.event',
      "update audit.event set action = 'x'",
      'truncate audit.event',
      'insert into audit.event default values',
    ]) {
      await expect(client.query(sql)).rejects.toThrow('permission denied');
    }
  });
  expect(
    await withClient(
      database.url,
      async client => (await client.query('select actor_name, action from audit.event')).rows,
    ),
  ).toEqual([{ actor_name: 'Ada', action: 'test.done' }]);
});

test('an audit row goes with the transaction it belongs to', async () => {
  await using database = await createTestDatabase('provision');
  const services = await provisionDatabase(database.url, ['one'], () => 'password');

  await withClient(services.get('one')!.url, async client => {
    await client.query('begin');
    await client.query('select audit.append($1::jsonb)', [event]);
    await client.query('rollback');
  });

  expect(
    await withClient(database.url, async client => (await client.query('select 1 from audit.event')).rows),
  ).toEqual([]);
});
