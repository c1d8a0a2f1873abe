import { openDatabase } from '@muster/kit/database/database';
import { provisionDatabase } from '@muster/kit/database/provision';
import { newId } from '@muster/kit/ids';
import { createTestDatabase } from '@muster/kit/testing/postgres';
import { query } from '@muster/kit/testing/query';
import { expect, test } from 'vitest';
import { migrations } from './migrations/migrations.ts';
import { OrganizationRecord } from './organizations/organization.entity.ts';
import { GrantRecord } from './roles/grant.entity.ts';
import { grantedTo } from './roles/rights.ts';
import { RoleRecord } from './roles/role.entity.ts';
import { accountsSchemas, Store } from './store.ts';
import { contextOf, createAccountsDatabase, startTestAccounts } from './testing/accounts.ts';
import { becomeOwner } from './testing/operations.ts';
import { UserRecord } from './users/user.entity.ts';

test('has exactly the tables that the code describes', async () => {
  await using database = await createAccountsDatabase();
  await using store = await Store.open(database.url);
  const em = store.asService();

  const generator = em.getPlatform().getSchemaGenerator(em.getDriver(), em) as unknown as {
    getUpdateSchemaSQL(options: object): Promise<string>;
  };

  expect(await generator.getUpdateSchemaSQL({ wrap: false, safe: false })).toBe('');
});

test('migrates once when replicas start together', async () => {
  await using database = await createAccountsDatabase();

  const stores = await Promise.all([1, 2, 3].map(() => Store.open(database.url, { maxConnections: 2 })));

  expect(await query(database.adminUrl, 'select name from accounts.migration')).toEqual([
    { name: '0001-accounts' },
    { name: '0002-access' },
  ]);
  for (const store of stores) await store[Symbol.asyncDispose]();
});

test('takes people and grants of an older database over', async () => {
  await using database = await createAccountsDatabase();
  const { url, adminUrl } = database;
  const older = await openDatabase({
    url,
    schema: 'accounts',
    entities: [RoleRecord] as never,
    migrations: migrations.slice(0, 1),
  });
  await older[Symbol.asyncDispose]();
  const [user, organization] = [newId(), newId()];
  await query(
    adminUrl,
    `insert into accounts."user" values ('${user}', 'ada@example.com', 'Ada', 'hash', now());
    insert into accounts.organization (id, name, slug, created_at) values ('${organization}', 'A', 'a', now());
    insert into accounts."grant" select gen_random_uuid(), '${user}', id, kind, scope, now() from accounts.role,
      (values ('ALL', null), ('ORGANIZATION', '${organization}'::uuid), ('SITE', gen_random_uuid())) as scopes (kind, scope)`,
  );

  await using store = await Store.open(url);

  const em = store.asService();
  expect(await em.find(UserRecord, {})).toMatchObject([{ email: 'ada@example.com', status: 'ACTIVE' }]);
  expect((await grantedTo(em, user)).map(grant => grant.scope)).toEqual(
    expect.arrayContaining([{ kind: 'ALL' }, { kind: 'ORGANIZATION', organizationId: organization }]),
  );
  expect(await em.count(GrantRecord)).toBe(2);
});

test('throws for a query of tenant rows that names no scope', async () => {
  await using database = await createAccountsDatabase();
  await using store = await Store.open(database.url);
  const em = store.asService();
  em.setFilterParams('withinScope', {});

  await expect(em.find(OrganizationRecord, {})).rejects.toThrow('names no scope');
});

test('tells another service whose site it is, and nothing else', async () => {
  await using database = await createTestDatabase('accounts');
  const urls = await provisionDatabase(database.url, [accountsSchemas, 'fleet'], service => `password-of-${service}`);
  await using _store = await Store.open(urls.get('accounts')!.url);
  const fleet = urls.get('fleet')!.url;
  const [organizationId, siteId] = [newId(), newId()];
  await query(
    database.url,
    "insert into accounts.organization (id, name, slug, created_at) values ($1, 'A', 'a', now())",
    [organizationId],
  );
  await query(
    database.url,
    "insert into accounts.site (id, organization_id, name, time_zone, created_at) values ($1, $2, 'M', 'UTC', now())",
    [siteId, organizationId],
  );

  const ask = (id: string) => query(fleet, 'select directory.organization_of_site($1::uuid) as id', [id]);

  expect(await ask(siteId)).toEqual([{ id: organizationId }]);
  expect(await ask(newId())).toEqual([{ id: null }]);
  for (const sql of [
    'select * from accounts.site',
    'select * from accounts."user"',
    'create table directory.mine (n int)',
    'drop function directory.organization_of_site(uuid)',
  ])
    await expect(query(fleet, sql), sql).rejects.toThrow(/permission denied|must be owner/);
});

test('answers other services in the middle of a transaction without widening what it sees', async () => {
  await using database = await createAccountsDatabase();
  await using store = await Store.open(database.url);
  const em = store.as(contextOf({ permissions: ['site:read'] }).viewer, 'site:read');

  const seen = await em.transactional(async inner => {
    await inner.execute('select directory.organization_of_site(gen_random_uuid())');
    return inner.execute("select current_setting('app.organizations') as scope");
  });

  expect(seen).toEqual([{ scope: '{}' }]);
});

test('says in plain words that the database was not provisioned for it', async () => {
  await using database = await createTestDatabase('accounts');
  const urls = await provisionDatabase(database.url, ['accounts'], service => `password-of-${service}`);

  await expect(Store.open(urls.get('accounts')!.url)).rejects.toThrow('The schema "directory" is missing');
});

test('says that the database does not answer, or refuses', async () => {
  await using database = await createAccountsDatabase();
  const wrongPort = new URL(database.url);
  wrongPort.port = '1';
  const missing = new URL(database.url);
  missing.pathname = '/missing';

  await expect(Store.open(wrongPort.href)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: 'The database of accounts does not answer (ECONNREFUSED).',
  });
  await expect(Store.open(missing.href)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
});

test('opens new connections when the server ends the old ones', async () => {
  await using accounts = await startTestAccounts();
  await becomeOwner(accounts);

  await accounts.rows(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename like '%\\_accounts' and datname = current_database()",
  );

  await expect.poll(async () => (await accounts.call('{ setup { isComplete } }')).errors).toBeUndefined();
  await expect.poll(() => accounts.service.checkReady()).toBeUndefined();
});
