import { anonymousViewer } from '@muster/kit/auth/viewer';
import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, contextOf, startTestAccounts } from '../testing/accounts.ts';
import { authenticate, becomeOwner, completeSetup, logIn, tokenOf } from '../testing/operations.ts';
import { addOrganization, addPerson, attempt, mutate } from '../testing/people.ts';

const LOG_OUT = 'mutation { logOut { viewer { kind permissions user { id } } } }';
const START = new Date('2026-03-01T08:00:00Z');
const minutes = (count: number): Date => new Date(START.getTime() + count * 60_000);

test('authenticates a CLI token until its session is closed', async () => {
  await using accounts = await startTestAccounts();
  const { token, context } = await becomeOwner(accounts);
  expect(context.viewer).toMatchObject({ kind: 'USER', name: 'Grace Hopper', scope: { kind: 'ALL' } });

  const answer = await accounts.call(LOG_OUT, {}, context);

  expect(answer.data?.logOut).toEqual({ viewer: { kind: 'ANONYMOUS', permissions: [], user: null } });
  expect(answer.context.effects.session).toEqual({ kind: 'closed' });
  expect(await authenticate(accounts, token)).toBeNull();
});

test('closes a session twice without complaint', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  await accounts.call(LOG_OUT, {}, context);

  expect((await accounts.call(LOG_OUT, {}, context)).errors).toBeUndefined();
});

test('cannot close a session for a caller that has none', async () => {
  await using accounts = await startTestAccounts();

  const device = await accounts.call(LOG_OUT, {}, contextOf({ kind: 'DEVICE' }));
  const anonymous = await accounts.call(LOG_OUT);

  expect(codesOf(device)).toEqual(['PRECONDITION_FAILED']);
  expect(codesOf(anonymous)).toEqual(['UNAUTHENTICATED']);
});

test('knows no credential that it has not made', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);

  for (const credential of ['', 'muster_cli_', '\0', 'x'.repeat(1_000_000), "' or true --", '\ud800'])
    expect(await authenticate(accounts, credential)).toBeNull();
});

test('tells nobody but the router whom a credential belongs to', async () => {
  await using accounts = await startTestAccounts();
  const { token, context } = await becomeOwner(accounts);
  const ask = 'query ($token: String!) { authentication(credential: $token) { viewer } }';

  expect(codesOf(await accounts.call(ask, { token }, context))).toEqual(['FORBIDDEN']);
  expect(codesOf(await accounts.call(ask, { token }))).toEqual(['UNAUTHENTICATED']);
});

test('ends a browser session after half an hour without a call', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  const token = tokenOf(await completeSetup(accounts));
  const at = async (minute: number) => {
    now = minutes(minute);
    return authenticate(accounts, token);
  };

  expect((await at(29))?.expiresAt).toBe(minutes(59).toISOString());
  expect(await at(58)).not.toBeNull();
  expect(await at(88)).toBeNull();
});

test('ends a busy browser session after half a day', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  const answer = await completeSetup(accounts);
  expect(answer.context.effects.session).toMatchObject({ expiresAt: minutes(12 * 60).toISOString() });

  for (let minute = 0; minute < 12 * 60; minute += 20) {
    now = minutes(minute);
    expect(await authenticate(accounts, tokenOf(answer))).not.toBeNull();
  }
  expect((await authenticate(accounts, tokenOf(answer)))?.expiresAt).toBe(minutes(12 * 60).toISOString());

  now = minutes(12 * 60);
  expect(await authenticate(accounts, tokenOf(answer))).toBeNull();
});

test('ends a CLI session after thirty days, idle or not', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  const { token } = await becomeOwner(accounts);

  now = minutes(30 * 24 * 60 - 1);
  expect(await authenticate(accounts, token)).not.toBeNull();
  now = minutes(30 * 24 * 60);
  expect(await authenticate(accounts, token)).toBeNull();
});

test('writes down once a minute at most that somebody was seen', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  const { token } = await becomeOwner(accounts);
  const seenAfter = async (seconds: number) => {
    now = new Date(START.getTime() + seconds * 1000);
    await authenticate(accounts, token);
    const [row] = await accounts.rows<{ last_seen_at: Date }>('select last_seen_at from accounts.session');
    return (row!.last_seen_at.getTime() - START.getTime()) / 1000;
  };

  expect([await seenAfter(59), await seenAfter(60), await seenAfter(90), await seenAfter(121)]).toEqual([
    0, 60, 60, 121,
  ]);
});

test('forgets sessions that are over when their owner signs in again', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  await completeSetup(accounts);
  now = minutes(13 * 60);

  await logIn(accounts);

  expect(await accounts.rows('select count(*)::int as n from accounts.session')).toEqual([{ n: 1 }]);
});

test('follows a change of grants at the next call', async () => {
  await using accounts = await startTestAccounts();
  const { token } = await becomeOwner(accounts);
  await accounts.rows('delete from accounts."grant"');

  expect((await authenticate(accounts, token))?.viewer).toMatchObject({
    permissions: [],
    scope: { kind: 'ORGANIZATIONS', ids: [] },
  });
});

test('tells every kind of caller who it is', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const ask = async (caller = createContext({ viewer: anonymousViewer })) =>
    (await accounts.call('{ viewer { kind permissions user { name } device { id } } }', {}, caller)).data?.viewer;

  expect(await ask()).toEqual({ kind: 'ANONYMOUS', permissions: [], user: null, device: null });
  expect(await ask(context)).toMatchObject({ kind: 'USER', user: { name: 'Grace Hopper' }, device: null });
  expect(await ask(contextOf({ kind: 'DEVICE', id: 'd1', permissions: ['agent:report'] }))).toEqual({
    kind: 'DEVICE',
    permissions: ['agent:report'],
    user: null,
    device: { id: 'd1' },
  });
});

test('keeps no session alive for a router that only asks again', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  const token = tokenOf(await completeSetup(accounts));

  for (let minute = 0; minute < 30; minute++) {
    now = minutes(minute);
    expect((await authenticate(accounts, token, false))?.expiresAt).toBe(minutes(30).toISOString());
  }
  now = minutes(30);
  expect(await authenticate(accounts, token, false)).toBeNull();
});

test('lists one’s own live sessions, and which of them asks', async () => {
  let now = START;
  await using accounts = await startTestAccounts({ now: () => now });
  const { context } = await becomeOwner(accounts);
  await logIn(accounts, {}, createContext({ remoteAddress: '192.0.2.8' }));
  const list = async () =>
    (await accounts.call('{ viewer { sessions { kind isCurrent ipAddress lastSeenAt expiresAt } } }', {}, context)).data
      ?.viewer;

  expect(await list()).toMatchObject({
    sessions: expect.arrayContaining([
      expect.objectContaining({ kind: 'CLI', isCurrent: true, ipAddress: null }),
      expect.objectContaining({ kind: 'BROWSER', isCurrent: false, ipAddress: '192.0.2.8' }),
    ]),
  });
  now = minutes(31);
  expect(await list()).toMatchObject({ sessions: [{ kind: 'CLI' }] });
});

test('revokes a session at once: one’s own, and others’ with the permission where it holds', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', context);
  const scopes = [{ kind: 'ORGANIZATION', organizationId: globex.id }];
  const admin = await addPerson(accounts, { email: 'bea@example.com', role: 'ADMIN', scopes }, context);
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'TECHNICIAN', scopes }, context);
  const revoke = async (sessionId: unknown, by = context) =>
    codesOf(await attempt(accounts, 'revokeSession { sessionId }', { input: { sessionId }, context: by }));
  const { data } = await accounts.call(
    '{ users(search: "ada") { nodes { sessions { id isCurrent } } } }',
    {},
    admin.context,
  );

  expect(data?.users).toEqual({ nodes: [{ sessions: [{ id: ada.context.viewer.sessionId, isCurrent: false }] }] });
  expect(await revoke(admin.context.viewer.sessionId, ada.context)).toEqual(['NOT_FOUND']);
  expect(await revoke(context.viewer.sessionId, admin.context)).toEqual(['NOT_FOUND']);
  expect(await revoke(ada.context.viewer.sessionId, admin.context)).toEqual([]);
  expect(await authenticate(accounts, ada.token)).toBeNull();
  expect(await revoke(ada.context.viewer.sessionId)).toEqual(['NOT_FOUND']);
  expect(await revoke('nope')).toEqual(['BAD_USER_INPUT']);
  expect(await revoke(admin.context.viewer.sessionId, admin.context)).toEqual([]);
  expect(await authenticate(accounts, admin.token)).toBeNull();
});

test('revokes all sessions but the one that asks', async () => {
  await using accounts = await startTestAccounts();
  const { context, token } = await becomeOwner(accounts);
  const others = [tokenOf(await logIn(accounts)), tokenOf(await logIn(accounts, { clientKind: 'CLI' }))];
  const revokeAll = (input: object) => mutate(accounts, 'revokeAllSessions { sessionCount }', { input, context });

  expect(await revokeAll({})).toEqual({ sessionCount: 2 });
  for (const other of others) expect(await authenticate(accounts, other)).toBeNull();
  expect(await authenticate(accounts, token)).not.toBeNull();
  expect(await revokeAll({ keepsCurrent: false })).toEqual({ sessionCount: 1 });
  expect(await authenticate(accounts, token)).toBeNull();
});
