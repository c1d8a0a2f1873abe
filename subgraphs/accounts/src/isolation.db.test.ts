import type { EntityManager } from '@mikro-orm/postgresql';
import type { ViewerScope } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { query } from '@muster/kit/testing/query';
import { expect, test } from 'vitest';
import { composeAccounts } from './main.ts';
import { allPermissions } from './roles/permissions.ts';
import { SCOPE_FILTER } from './scope-filter.ts';
import { Store } from './store.ts';
import { callable, createAccountsDatabase, setupSecret, silentLog, type TestAccounts } from './testing/accounts.ts';
import { attempt, roleId } from './testing/people.ts';
import { createTwoTenants, type Tenant } from './testing/two-tenants.ts';

/** Three layers, each off in turn, and none: together 10,000 reads and writes. */
const READS = 2_250;
const WRITES = 250;
const READS_PER_DOCUMENT = 25;
const TIMEOUT_MS = 300_000;

const USER =
  'id email name grants { id scope { organization { name } site { name } } } sessions { id } apiKeys { name }';
const ORGANIZATION = 'id name slug sites { id name }';
const SITE = 'id name organization { id name }';
const EVENT = 'id action details target { id } actor { name user { email } } organization { name }';
const TABLES = ['organization', 'site', 'grant', 'user', 'session', 'api_key', 'user_token'];

type Random = <T>(list: readonly T[]) => T;

/** A query of the store whose filters see everything, so that row level security stands alone. */
class UnfilteredStore extends Store {
  static override async open(url: string): Promise<UnfilteredStore> {
    return Object.setPrototypeOf(await Store.open(url), UnfilteredStore.prototype) as UnfilteredStore;
  }

  protected override within(scope: ViewerScope): EntityManager {
    const em = super.within(scope);
    em.setFilterParams(SCOPE_FILTER, { scope: { kind: 'ALL' } });
    return em;
  }
}

async function start(options: { readonly isFiltered: boolean; readonly hasRowSecurity: boolean }) {
  const database = await createAccountsDatabase();
  const store = await (options.isFiltered ? Store : UnfilteredStore).open(database.url);
  const service = await composeAccounts(store, { log: silentLog, setupSecret });
  const rows: TestAccounts['rows'] = (sql, values) => query(database.adminUrl, sql, values);
  const dispose = async (): Promise<void> => {
    await service[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
  const accounts: TestAccounts = { ...callable(service), database, rows, [Symbol.asyncDispose]: dispose };
  const tenants = await createTwoTenants(accounts);
  if (!options.hasRowSecurity)
    for (const table of [
      'accounts.organization',
      'accounts.site',
      'accounts."grant"',
      'accounts."user"',
      'audit.event',
    ])
      await rows(`alter table ${table} disable row level security`);
  return { accounts, tenants, [Symbol.asyncDispose]: dispose };
}

/** The same numbers in every run, so that a failure can be run again. */
function seeded(seed: number): Random {
  let state = seed;
  return list => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)]!;
  };
}

function aRead(random: Random, { organization, sites, users }: Tenant): string {
  const entity = (type: string, id: string, fields: string) =>
    `_entities(representations: [{__typename: "${type}", id: "${id}"}]) { ... on ${type} { ${fields} } }`;
  return random([
    `organization(id: "${organization}") { ${ORGANIZATION} }`,
    `user(id: "${random(users)}") { ${USER} }`,
    entity('Organization', organization, ORGANIZATION),
    entity('Site', random(sites), SITE),
    entity('User', random(users), USER),
    `organizations(search: "${random(['', 'e', 'Initech', 'Globex'])}") { totalCount nodes { ${ORGANIZATION} } }`,
    `users(search: "${random(['', 'admin', 'Initech', 'Globex'])}") { totalCount nodes { ${USER} } }`,
    `auditEvents(first: 20) { nodes { ${EVENT} } }`,
    `auditEvents(filter: {organizationId: "${organization}"}) { totalCount nodes { ${EVENT} } }`,
    `auditEvents(filter: {actorId: "${random(users)}"}) { nodes { ${EVENT} } }`,
  ]);
}

function aWrite(
  random: Random,
  { own, foreign }: { own: Tenant; foreign: Tenant },
  role: string,
): [mutation: string, input: object] {
  const userId = random(foreign.users);
  const foreignScope = random([
    { kind: 'ORGANIZATION', organizationId: foreign.organization },
    { kind: 'SITE', siteId: random(foreign.sites) },
    { kind: 'ALL' },
  ]);
  const ownScope = { kind: 'ORGANIZATION', organizationId: own.organization };
  const invited = { email: `spy@${own.name}.example`, name: 'Spy', roleId: role, scopes: [ownScope, foreignScope] };
  const writes: [string, object][] = [
    ['createSite { site { id } }', { organizationId: foreign.organization, name: `of ${own.name}` }],
    ['grantRole { grant { id } }', { userId, roleId: role, scope: random([ownScope, foreignScope]) }],
    ['grantRole { grant { id } }', { userId: random(own.users), roleId: role, scope: foreignScope }],
    ['revokeGrant { grantId }', { grantId: random(foreign.grants) }],
    ['inviteUser { link }', invited],
    ['disableUser { user { id } }', { userId }],
    ['enableUser { user { id } }', { userId }],
    ['renewInvitation { link }', { userId }],
    ['createPasswordResetLink { link }', { userId }],
    ['revokeSession { sessionId }', { sessionId: random(foreign.sessions) }],
    ['revokeAllSessions { sessionCount }', { userId }],
    ['revokeApiKey { apiKeyId }', { apiKeyId: random(foreign.apiKeys) }],
    [
      'createApiKey { secret }',
      { name: 'spy', permissions: ['device:read'], scopes: [foreignScope], expiresAt: '2027-01-01T00:00:00Z' },
    ],
  ];
  return random(writes);
}

interface World {
  readonly accounts: TestAccounts;
  readonly tenants: readonly [Tenant, Tenant];
}

/** Reads of random rows of both tenants by the admins of each: how many answers hold a word of the other tenant. */
async function countForeignReads(
  { accounts, tenants }: World,
  callerOf: (tenant: Tenant) => RequestContext,
): Promise<number> {
  const random = seeded(7);
  let foreign = 0;
  for (let count = 0; count < READS; count += READS_PER_DOCUMENT) {
    const own = random(tenants);
    const [other] = tenants.filter(tenant => tenant !== own);
    const reads = Array.from({ length: READS_PER_DOCUMENT }, (_, n) => `r${n}: ${aRead(random, random(tenants))}`);
    const { data, errors } = await accounts.call(`{ ${reads.join(' ')} }`, {}, callerOf(own));
    expect(errors).toBeUndefined();
    const words = new RegExp(`${other!.name}|${other!.organization}`, 'i');
    foreign += Object.values(data ?? {}).filter(answer => words.test(JSON.stringify(answer))).length;
  }
  return foreign;
}

/** Writes on random rows of the other tenant: how many of them were not refused. */
async function countForeignWrites(
  { accounts, tenants }: World,
  callerOf: (tenant: Tenant) => RequestContext,
): Promise<number> {
  const random = seeded(11);
  const role = await roleId(accounts, 'CLIENT_USER');
  let done = 0;
  for (let count = 0; count < WRITES; count++) {
    const own = random(tenants);
    const [mutation, input] = aWrite(random, { own, foreign: tenants.find(tenant => tenant !== own)! }, role);
    const { errors } = await attempt(accounts, mutation, { input, context: callerOf(own) });
    const codes = errors?.map(error => error.extensions?.code).join();
    if (!/^(NOT_FOUND|FORBIDDEN)$/.test(codes ?? '')) done++;
  }
  return done;
}

const honest = (tenant: Tenant): RequestContext => tenant.admin;

/** A caller whom no directive stops: it claims every permission, while its grants stay what they are. */
const unguarded = ({ admin }: Tenant): RequestContext => {
  const { permissions, scope, grants = [{ permissions, scope }] } = admin.viewer;
  return { ...admin, viewer: { ...admin.viewer, permissions: allPermissions, grants } };
};

const contents = (accounts: TestAccounts) =>
  Promise.all(TABLES.map(table => accounts.rows(`select * from accounts."${table}" order by id`)));

test.for([
  ['every layer on', { isFiltered: true, hasRowSecurity: true }, honest],
  ['no check of directives', { isFiltered: true, hasRowSecurity: true }, unguarded],
  ['no filter of rows', { isFiltered: false, hasRowSecurity: true }, honest],
  ['no row level security', { isFiltered: true, hasRowSecurity: false }, honest],
] as const)('keeps two tenants apart with %s', { timeout: TIMEOUT_MS }, async ([, layers, callerOf]) => {
  await using world = await start(layers);
  const before = await contents(world.accounts);

  expect(await countForeignReads(world, callerOf)).toBe(0);
  expect(await countForeignWrites(world, callerOf)).toBe(0);
  expect(await contents(world.accounts)).toEqual(before);
});

test('would notice: without filter and row level security tenants see each other', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using world = await start({ isFiltered: false, hasRowSecurity: false });

  expect(await countForeignReads(world, honest)).toBeGreaterThan(100);
});
