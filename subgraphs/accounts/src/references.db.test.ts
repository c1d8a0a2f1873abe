import { createContext } from '@muster/kit/context';
import { newId } from '@muster/kit/ids';
import { expect, test } from 'vitest';
import { composeAccounts } from './main.ts';
import { Store } from './store.ts';
import {
  type Answer,
  callable,
  codesOf,
  contextOf,
  createAccountsDatabase,
  setupSecret,
  silentLog,
  startTestAccounts,
  type TestAccounts,
} from './testing/accounts.ts';
import { becomeOwner } from './testing/operations.ts';

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Site { id name organization { id name } } ... on Organization { id name sites { id } } ... on User { id email }
} }`;

test('resolves a page of references with one statement per kind of row', async () => {
  await using database = await createAccountsDatabase();
  await using store = await Store.open(database.url);
  const service = await composeAccounts(store, { log: silentLog, setupSecret });
  const { call } = callable(service);
  const rows = await addOrganizations(store, 50);
  const everywhere = contextOf({ permissions: ['organization:read'], scope: { kind: 'ALL' } });
  const statements = await countStatements(store);

  const sites = await call(
    ENTITIES,
    { representations: rows.map(({ siteId }) => ({ __typename: 'Site', id: siteId })) },
    everywhere,
  );
  const forSites = statements.take();
  const tenants = await call(
    ENTITIES,
    { representations: rows.map(({ id }) => ({ __typename: 'Organization', id })) },
    everywhere,
  );
  const forOrganizations = statements.take();

  expect(sites.errors).toBeUndefined();
  expect(entitiesOf(sites)).toHaveLength(50);
  expect(entitiesOf(sites)[7]).toMatchObject({
    id: rows[7]!.siteId,
    organization: { id: rows[7]!.id, name: 'Tenant 7' },
  });
  expect(entitiesOf(tenants)[7]).toMatchObject({ id: rows[7]!.id, sites: [{ id: rows[7]!.siteId }] });
  expect([forSites, forOrganizations]).toEqual([2, 2]);
});

test('answers null for what is foreign, gone or no id at all', async () => {
  await using accounts = await startTestAccounts();
  await becomeOwner(accounts);
  const { organization, site } = await idsOf(accounts);
  const nowhere = contextOf({ permissions: ['organization:read'] });
  const everywhere = contextOf({ permissions: ['organization:read'], scope: { kind: 'ALL' } });
  const representations = [
    { __typename: 'Organization', id: organization },
    { __typename: 'Site', id: site },
  ];
  const missing = [newId(), 'nope', '', '\0'].flatMap(id => [
    { __typename: 'Organization', id },
    { __typename: 'Site', id },
  ]);

  expect((await accounts.call(ENTITIES, { representations }, nowhere)).data).toEqual({ _entities: [null, null] });
  const answer = await accounts.call(ENTITIES, { representations: [...missing, ...representations] }, everywhere);
  expect(answer.errors).toBeUndefined();
  expect(answer.data?._entities).toMatchObject([...missing.map(() => null), { id: organization }, { id: site }]);
});

test('refuses references to whoever lacks the permission', async () => {
  await using accounts = await startTestAccounts();
  await becomeOwner(accounts);
  const { site } = await idsOf(accounts);
  const representations = [{ __typename: 'Site', id: site }];

  expect(codesOf(await accounts.call(ENTITIES, { representations }, contextOf({ scope: { kind: 'ALL' } })))).toEqual([
    'FORBIDDEN',
  ]);
  expect(codesOf(await accounts.call(ENTITIES, { representations }, createContext()))).toEqual(['UNAUTHENTICATED']);
});

test('shows people themselves, and others only with user:read within the scope', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const { organization, user } = await idsOf(accounts);
  const see = async (caller: Parameters<typeof contextOf>[0]) => {
    const representations = [{ __typename: 'User', id: user }];
    const [entity] = entitiesOf(await accounts.call(ENTITIES, { representations }, contextOf(caller)));
    return entity !== null;
  };
  const tenant = { permissions: ['user:read'], scope: { kind: 'ORGANIZATIONS', ids: [organization] } } as const;

  expect(await see(context.viewer)).toBe(true);
  expect(await see({ id: user })).toBe(true);
  expect(await see({ permissions: ['user:read'], scope: { kind: 'ALL' } })).toBe(true);
  expect(await see({ scope: { kind: 'ALL' } })).toBe(false);
  expect(await see({ kind: 'DEVICE', id: user })).toBe(false);
  expect(await see({ kind: 'ANONYMOUS' })).toBe(false);
  expect(await see(tenant)).toBe(false);
  await accounts.rows(`update accounts."grant" set scope_kind = 'ORGANIZATION', organization_id = '${organization}'`);
  expect(await see(tenant)).toBe(true);
  expect(await see({ permissions: ['user:read'] })).toBe(false);
});

function entitiesOf(answer: Answer): unknown[] {
  return answer.data?._entities as unknown[];
}

async function idsOf(accounts: TestAccounts): Promise<{ organization: string; site: string; user: string }> {
  const [row] = await accounts.rows<{ organization: string; site: string; user: string }>(
    'select o.id as organization, s.id as site, u.id as "user" from accounts.organization o join accounts.site s on true join accounts."user" u on true',
  );
  return row!;
}

/** As many organizations with a site each, without as many calls. */
async function addOrganizations(store: Store, count: number): Promise<{ id: string; siteId: string }[]> {
  const rows = Array.from({ length: count }, () => ({ id: newId(), siteId: newId() }));
  const em = store.asService();
  for (const [index, { id, siteId }] of rows.entries()) {
    await em.execute('insert into accounts.organization (id, name, slug, created_at) values (?, ?, ?, now())', [
      id,
      `Tenant ${index}`,
      `tenant-${index}`,
    ]);
    await em.execute(
      "insert into accounts.site (id, organization_id, name, time_zone, created_at) values (?, ?, 'Main', 'UTC', now())",
      [siteId, id],
    );
  }
  return rows;
}

/** Counts statements outside transactions: each of them takes a connection once. */
async function countStatements(store: Store): Promise<{ take(): number }> {
  const connection = store.asService().getConnection() as unknown as {
    getNativeClient(): Promise<{ on(event: 'acquire', listener: () => void): void }>;
  };
  let count = 0;
  (await connection.getNativeClient()).on('acquire', () => count++);
  return {
    take: () => {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}
