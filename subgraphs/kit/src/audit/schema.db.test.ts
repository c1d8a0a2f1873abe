import pg from 'pg';
import { expect, test } from 'vitest';
import type { ViewerScope } from '../auth/viewer.ts';
import { provisionDatabase } from '../database/provision.ts';
import { setRowScope } from '../database/row-scope.ts';
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

test('the service that shows the audit trail reads rows of its scope only, and changes none', async () => {
  await using database = await createTestDatabase('provision');
  const services = await provisionDatabase(
    database.url,
    ['other', { name: 'one', publishes: [], readsAudit: true }],
    () => 'password',
  );
  const [a, b] = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'] as const;
  const append =
    'select audit.append($1::jsonb || jsonb_build_object($2::text, gen_random_uuid(), $3::text, $4::text))';
  const seen = async (client: pg.Client, scope: ViewerScope): Promise<unknown> => {
    await client.query('begin');
    await setRowScope(client, scope);
    const { rows } = await client.query('select organization_id as id from audit.event order by sequence');
    await client.query('rollback');
    return rows.map(row => row.id);
  };
  await withClient(services.get('other')!.url, async client => {
    for (const organization of [a, b, null]) await client.query(append, [event, 'id', 'organizationId', organization]);
  });

  await withClient(services.get('one')!.url, async client => {
    expect((await client.query('select * from audit.event')).rows).toEqual([]);
    expect(await seen(client, { kind: 'ORGANIZATIONS', ids: [b] })).toEqual([b]);
    expect(await seen(client, { kind: 'ALL' })).toEqual([a, b, null]);
    for (const sql of ['delete from audit.event', "update audit.event set action = 'x'", 'truncate audit.event'])
      await expect(client.query(sql)).rejects.toThrow('permission denied');
  });
});
