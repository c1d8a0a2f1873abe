import { mayAt } from '@muster/kit/auth/scope';
import type { RequestContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, startTestAccounts, type TestAccounts } from '../testing/accounts.ts';
import { authenticate, becomeOwner } from '../testing/operations.ts';
import { addOrganization, addPerson, attempt, contextFor, mutate } from '../testing/people.ts';

const CREATE =
  'createApiKey { secret apiKey { id name prefix permissions scopes { kind organization { name } } expiresAt lastUsedAt } }';
const DAY_MS = 24 * 3_600_000;
const START = new Date('2026-03-01T08:00:00Z');
const inDays = (days: number): string => new Date(START.getTime() + days * DAY_MS).toISOString();
const wishes = {
  name: 'Reports',
  permissions: ['device:read'],
  scopes: [{ kind: 'ALL' }] as object[],
  expiresAt: inDays(30),
};

async function start() {
  const clock = { now: START };
  const accounts = await startTestAccounts({ now: () => clock.now });
  const { context } = await becomeOwner(accounts);
  return { accounts, context, clock, [Symbol.asyncDispose]: () => accounts[Symbol.asyncDispose]() };
}

async function createKey(accounts: TestAccounts, context: RequestContext, input: object = {}) {
  return mutate<{ secret: string; apiKey: { id: string; prefix: string } }>(accounts, CREATE, {
    input: { ...wishes, ...input },
    context,
  });
}

test('makes a key whose secret is shown once and stored nowhere', async () => {
  await using world = await start();
  const { accounts, context } = world;

  const { secret, apiKey } = await createKey(accounts, context);

  expect(secret).toMatch(/^muster_key_[a-z2-7]{8}_[\w-]{43}$/);
  expect(secret.startsWith(`${apiKey.prefix}_`)).toBe(true);
  expect(apiKey).toMatchObject({
    name: 'Reports',
    permissions: ['device:read'],
    scopes: [{ kind: 'ALL' }],
    lastUsedAt: null,
  });
  expect(JSON.stringify(await accounts.rows('select * from accounts.api_key'))).not.toContain(secret.slice(-43));
  expect((await accounts.call('{ viewer { apiKeys { id prefix } } }', {}, context)).data?.viewer).toEqual({
    apiKeys: [{ id: apiKey.id, prefix: apiKey.prefix }],
  });
});

test('stands for its owner with the rights it was made for, until it is revoked or over', async () => {
  await using world = await start();
  const { accounts, context, clock } = world;
  const [key, other] = [await createKey(accounts, context), await createKey(accounts, context)];

  expect(await authenticate(accounts, key.secret)).toEqual({
    expiresAt: inDays(30),
    viewer: {
      kind: 'API_KEY',
      id: key.apiKey.id,
      name: 'Reports (key of Grace Hopper)',
      permissions: ['device:read'],
      scope: { kind: 'ALL' },
    },
  });
  await mutate(accounts, 'revokeApiKey { apiKeyId }', { input: { apiKeyId: key.apiKey.id }, context });
  expect(await authenticate(accounts, key.secret)).toBeNull();
  clock.now = new Date(inDays(30));
  expect(await authenticate(accounts, other.secret)).toBeNull();
  for (const text of [`${other.secret}x`, other.secret.slice(0, -1), other.apiKey.prefix, 'muster_key_'])
    expect(await authenticate(accounts, text)).toBeNull();
});

test('is never wider than its owner, now or later', async () => {
  await using world = await start();
  const { accounts, context } = world;
  const [globex, initech] = [
    await addOrganization(accounts, 'Globex', context),
    await addOrganization(accounts, 'Initech', context),
  ];
  const scopes = [globex, initech].map(({ id }) => ({ kind: 'ORGANIZATION', organizationId: id }));
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'ADMIN', scopes }, context);
  const codes = async (input: object) =>
    codesOf(await attempt(accounts, CREATE, { input: { ...wishes, ...input }, context: ada.context }));

  expect(await codes({})).toEqual(['FORBIDDEN']);
  expect(await codes({ permissions: ['system:backup'], scopes })).toEqual(['FORBIDDEN']);
  const key = await createKey(accounts, ada.context, {
    permissions: ['device:read', 'command:run'],
    scopes: [scopes[0]!, { kind: 'SITE', siteId: initech.siteId }],
  });
  const may = async (permission: string, place: object) =>
    mayAt((await contextFor(accounts, key.secret)).viewer, permission, place);
  expect([
    await may('command:run', { organizationId: globex.id }),
    await may('command:run', { organizationId: initech.id }),
  ]).toEqual([true, false]);
  expect(await may('command:run', { siteId: initech.siteId })).toBe(true);

  await accounts.rows(
    `update accounts."grant" set role_id = (select id from accounts.role where key = 'READ_ONLY') where user_id = $1 and organization_id = $2`,
    [ada.id, globex.id],
  );
  expect([
    await may('command:run', { organizationId: globex.id }),
    await may('device:read', { organizationId: globex.id }),
  ]).toEqual([false, true]);
  await accounts.rows('delete from accounts."grant" where user_id = $1', [ada.id]);
  expect((await contextFor(accounts, key.secret)).viewer).toMatchObject({ permissions: [], scope: { ids: [] } });
  await mutate(accounts, 'grantRole { grant { id } }', {
    input: {
      userId: context.viewer.id,
      roleId: (await accounts.rows<{ id: string }>("select id from accounts.role where key = 'AUDITOR'"))[0]!.id,
      scope: { kind: 'ALL' },
    },
    context,
  });
  await accounts.rows(`update accounts."user" set status = 'DISABLED' where id = $1`, [ada.id]);
  expect(await authenticate(accounts, key.secret)).toBeNull();
});

test('cannot make keys, let people in, or touch sessions', async () => {
  await using world = await start();
  const { accounts, context } = world;
  for (const permission of [
    'apikey:write',
    'user:invite',
    'user:update',
    'user:disable',
    'role:write',
    'session:revoke',
    'settings:write',
  ])
    expect(
      codesOf(await attempt(accounts, CREATE, { input: { ...wishes, permissions: [permission] }, context })),
      permission,
    ).toEqual(['BAD_USER_INPUT']);
  const key = await createKey(accounts, context, { permissions: ['user:read'] });
  await accounts.rows(
    `update accounts.api_key set permissions = '{apikey:write,role:write,user:read,internal:router}'`,
  );

  const asKey = await contextFor(accounts, key.secret);
  const forged: RequestContext = { ...asKey, viewer: { ...asKey.viewer, permissions: context.viewer.permissions } };

  expect(asKey.viewer.permissions).toEqual(['user:read']);
  for (const [mutation, input] of [
    [CREATE, wishes],
    ['revokeApiKey { apiKeyId }', { apiKeyId: key.apiKey.id }],
    ['revokeSession { sessionId }', { sessionId: context.viewer.sessionId }],
    ['revokeAllSessions { sessionCount }', { userId: context.viewer.id }],
    ['changePassword { user { id } }', { currentPassword: 'x', newPassword: 'y' }],
    ['disableUser { user { id } }', { userId: context.viewer.id }],
    ['createRole { role { id } }', { name: 'x', permissions: ['device:read'] }],
    ['createPasswordResetLink { link }', { userId: context.viewer.id }],
    ['updateAccountsSettings { settings { acceptsAccessRequests } }', { acceptsAccessRequests: true }],
  ] as const)
    expect(codesOf(await attempt(accounts, mutation, { input, context: forged })), mutation).toEqual(['FORBIDDEN']);
  expect(
    (await accounts.call('{ viewer { kind user { id } sessions { id } apiKeys { id } } }', {}, asKey)).data?.viewer,
  ).toEqual({
    kind: 'API_KEY',
    user: null,
    sessions: [],
    apiKeys: [],
  });
});

test('says what is wrong with a key', async () => {
  await using world = await start();
  const { accounts, context } = world;
  for (const input of [
    { name: '' },
    { permissions: [] },
    { permissions: ['nope'] },
    { scopes: [] },
    { expiresAt: inDays(0) },
    { expiresAt: inDays(367) },
  ])
    expect(
      codesOf(await attempt(accounts, CREATE, { input: { ...wishes, ...input }, context })),
      JSON.stringify(input),
    ).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await attempt(accounts, CREATE, { input: { ...wishes, expiresAt: inDays(366) }, context }))).toEqual(
    [],
  );
});

test('writes down once a minute at most that it was used, and only where somebody calls', async () => {
  await using world = await start();
  const { accounts, context, clock } = world;
  const { secret } = await createKey(accounts, context);
  const usedAfter = async (seconds: number, isActivity = true) => {
    clock.now = new Date(START.getTime() + seconds * 1000);
    await authenticate(accounts, secret, isActivity);
    const [row] = await accounts.rows<{ last_used_at: Date | null }>('select last_used_at from accounts.api_key');
    return row!.last_used_at && (row!.last_used_at.getTime() - START.getTime()) / 1000;
  };

  expect([
    await usedAfter(1, false),
    await usedAfter(2),
    await usedAfter(61),
    await usedAfter(62),
    await usedAfter(200, false),
  ]).toEqual([null, 2, 2, 62, 62]);
});

test('shows and revokes keys of others with the permission for it, where it holds', async () => {
  await using world = await start();
  const { accounts, context } = world;
  const globex = await addOrganization(accounts, 'Globex', context);
  const scopes = [{ kind: 'ORGANIZATION', organizationId: globex.id }];
  const bea = await addPerson(accounts, { email: 'bea@example.com', role: 'ADMIN', scopes }, context);
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'ADMIN', scopes }, context);
  const [owners, adas] = [await createKey(accounts, context), await createKey(accounts, ada.context, { scopes })];
  const revoke = async (apiKeyId: string) =>
    codesOf(await attempt(accounts, 'revokeApiKey { apiKeyId }', { input: { apiKeyId }, context: bea.context }));

  const { data } = await accounts.call('{ users(search: "ada") { nodes { apiKeys { name } } } }', {}, bea.context);

  expect(data?.users).toEqual({ nodes: [{ apiKeys: [{ name: 'Reports' }] }] });
  expect(await revoke(owners.apiKey.id)).toEqual(['NOT_FOUND']);
  expect(await revoke(adas.apiKey.id)).toEqual([]);
});
