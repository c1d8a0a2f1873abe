import { defineEntity } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { ViewerScope } from '../auth/viewer.ts';
import { createTestDatabase } from '../testing/postgres.ts';
import { query } from '../testing/query.ts';
import { type Database, openDatabase } from './database.ts';
import { provisionDatabase } from './provision.ts';
import { bindRowScope, rowScopePolicySql, setRowScope } from './row-scope.ts';

const [a, b, site, device] = [1, 2, 3, 4].map(n => `01990000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
  string,
];
const columns = { organization: 'organization_id', site: 'site_id', tags: 'tags', device: 'id' };

class Tables extends Migration {
  override up(): void {
    this.addSql(`create table one.thing (id uuid primary key, organization_id uuid not null, site_id uuid, tags text[] not null default '{}');
insert into one.thing values ('${device}', '${a}', null, '{}'), (gen_random_uuid(), '${a}', '${site}', '{}'), (gen_random_uuid(), '${b}', null, '{"x, \\"y\\""}');
${rowScopePolicySql('one.thing', columns)}`);
  }
}

const ThingSchema = defineEntity({
  name: 'Thing',
  tableName: 'thing',
  properties: p => ({ id: p.uuid().primary(), organizationId: p.uuid(), siteId: p.uuid().nullable() }),
});
class Thing extends ThingSchema.class {}
ThingSchema.setClass(Thing);

const scopes: [name: string, scope: ViewerScope, rows: number][] = [
  ['everything', { kind: 'ALL' }, 3],
  ['an organization', { kind: 'ORGANIZATIONS', ids: [a] }, 2],
  ['both organizations', { kind: 'ORGANIZATIONS', ids: [a, b] }, 3],
  ['a site', { kind: 'ORGANIZATIONS', ids: [], siteIds: [site] }, 1],
  ['a tag with everything in it that quoting can break', { kind: 'ORGANIZATIONS', ids: [], tags: ['x, "y"'] }, 1],
  ['part of a tag', { kind: 'ORGANIZATIONS', ids: [], tags: ['x'] }, 0],
  ['a device', { kind: 'ORGANIZATIONS', ids: [], deviceIds: [device] }, 1],
  ['nothing', { kind: 'ORGANIZATIONS', ids: [] }, 0],
];

async function open(): Promise<{ database: Database; adminUrl: string } & AsyncDisposable> {
  const test = await createTestDatabase('scope');
  const urls = await provisionDatabase(test.url, ['one'], () => 'password');
  const database = await openDatabase({
    url: urls.get('one')!.url,
    schema: 'one',
    entities: [Thing] as never,
    migrations: [{ name: 'tables', class: Tables }],
  });
  const dispose = async (): Promise<void> => {
    await database[Symbol.asyncDispose]();
    await test[Symbol.asyncDispose]();
  };
  return { database, adminUrl: test.url, [Symbol.asyncDispose]: dispose };
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test.for(scopes)('shows the rows of %s, in every way to them', async ([, scope, rows]) => {
  await using opened = await open();
  const { database } = opened;
  const em = database.fork();
  bindRowScope(em, scope);

  const raw = await em.transactional(inner => inner.execute('select * from one.thing'));
  const plain = await inTransaction(database.pool, async client => {
    await setRowScope(client, scope);
    return (await client.query('select * from one.thing')).rowCount;
  });

  expect([(await em.find(Thing, {})).length, await em.count(Thing), raw.length, plain]).toEqual(Array(4).fill(rows));
});

test('shows and takes nothing where no scope is said, also on a connection that had one before', async () => {
  await using opened = await open();
  const pool = new pg.Pool({ ...opened.database.pool.options, max: 1 });
  const count = async (): Promise<number | null> => (await pool.query('select * from one.thing')).rowCount;

  const first = await count();
  await inTransaction(pool, client => setRowScope(client, { kind: 'ALL' }));
  const afterwards = await count();

  expect([first, afterwards, await opened.database.fork().count(Thing)]).toEqual([0, 0, 0]);
  await expect(pool.query('insert into one.thing values (gen_random_uuid(), $1)', [a])).rejects.toThrow('row-level');
  expect((await pool.query('update one.thing set site_id = null')).rowCount).toBe(0);
  expect((await pool.query('delete from one.thing')).rowCount).toBe(0);
  await pool.end();
});

test('takes no row of another organization, and gives none away', async () => {
  await using opened = await open();
  const em = opened.database.fork();
  bindRowScope(em, { kind: 'ORGANIZATIONS', ids: [a] });
  const foreign = { id: '01990000-0000-7000-8000-000000000009', organizationId: b };

  await expect(em.insert(Thing, foreign)).rejects.toThrow('row-level');
  await expect(em.nativeUpdate(Thing, { organizationId: a }, { organizationId: b })).rejects.toThrow('row-level');
  expect(await em.nativeDelete(Thing, { organizationId: b })).toBe(0);
  expect(await query(opened.adminUrl, 'select count(*)::int as n from one.thing')).toEqual([{ n: 3 }]);
});
