import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { startAccounts } from '../main.ts';
import { allPermissions } from '../roles/permissions.ts';
import { callable, codesOf, setupSecret, silentLog, startTestAccounts } from '../testing/accounts.ts';
import { authenticate, completeSetup, tokenOf } from '../testing/operations.ts';

const SETUP = '{ setup { isComplete } }';
const COUNTS = `select (select count(*)::int from accounts."user") as users, (select count(*)::int from accounts.organization) as organizations,
  (select count(*)::int from accounts.session) as sessions, (select count(*)::int from audit.event) as events`;
const nothing = [{ users: 0, organizations: 0, sessions: 0, events: 0 }];

test('makes the first administrator an owner of everything, signed in', async () => {
  await using accounts = await startTestAccounts();

  const answer = await completeSetup(accounts, { clientKind: 'CLI' });

  expect(answer.errors).toBeUndefined();
  expect(answer.data?.completeSetup).toMatchObject({
    token: expect.stringMatching(/^muster_cli_[\w-]{43}$/),
    viewer: { kind: 'USER', permissions: [...allPermissions].sort(), user: { email: 'grace@example.com' } },
  });
  expect((await authenticate(accounts, tokenOf(answer)))?.viewer).toMatchObject({
    name: 'Grace Hopper',
    scope: { kind: 'ALL' },
  });
  expect(
    await accounts.rows(
      'select o.name, o.slug, s.name as site, s.time_zone from accounts.organization o join accounts.site s on s.organization_id = o.id',
    ),
  ).toEqual([{ name: 'Acme', slug: 'acme', site: 'Main', time_zone: 'UTC' }]);
});

test('gives a browser its session beside the answer, never in it', async () => {
  await using accounts = await startTestAccounts();

  const { data, context } = await completeSetup(accounts);

  expect(data?.completeSetup).toMatchObject({ token: null, viewer: { kind: 'USER' } });
  const session = context.effects.session as { kind: string; token: string };
  expect(session).toMatchObject({ kind: 'opened', expiresAt: expect.stringMatching(/Z$/) });
  expect((await authenticate(accounts, session.token))?.viewer.name).toBe('Grace Hopper');
});

test('stores neither password nor tokens nor the secret in clear', async () => {
  await using accounts = await startTestAccounts();
  const [before] = await accounts.rows<{ secret_hash: Buffer }>('select secret_hash from accounts.setup');

  await completeSetup(accounts);

  expect(before?.secret_hash).toHaveLength(32);
  const [user] = await accounts.rows('select password_hash from accounts."user"');
  expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await accounts.rows('select secret_hash from accounts.setup')).toEqual([{ secret_hash: null }]);
});

test('is closed after its first use, also for who knows the secret', async () => {
  await using accounts = await startTestAccounts();
  expect((await accounts.call(SETUP)).data).toEqual({ setup: { isComplete: false } });
  await completeSetup(accounts);

  const again = await completeSetup(accounts, { email: 'eve@example.com' });

  expect(codesOf(again)).toEqual(['PRECONDITION_FAILED']);
  expect((await accounts.call(SETUP)).data).toEqual({ setup: { isComplete: true } });
  expect(accounts.service.setup.secret).toBeUndefined();
  expect(await accounts.rows('select email from accounts."user"')).toEqual([{ email: 'grace@example.com' }]);
});

test('stays closed when its mark is lost but a user exists', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);
  await accounts.rows('update accounts.setup set completed_at = null');

  await using restarted = await startAccounts({ databaseUrl: accounts.database.url, log: silentLog });

  expect(restarted.setup.secret).toBeUndefined();
  expect(await restarted.setup.isComplete()).toBe(true);
  expect(codesOf(await completeSetup(callable(restarted)))).toEqual(['PRECONDITION_FAILED']);
});

test('makes one user when two complete it at once', async () => {
  await using accounts = await startTestAccounts();

  const answers = await Promise.all(
    ['ada@example.com', 'grace@example.com', 'joan@example.com'].map(email => completeSetup(accounts, { email })),
  );

  expect(answers.map(codesOf).sort()).toEqual([[], ['PRECONDITION_FAILED'], ['PRECONDITION_FAILED']]);
  expect(await accounts.rows(COUNTS)).toEqual([{ users: 1, organizations: 1, sessions: 1, events: 1 }]);
});

test('makes one user when two are past every check that comes before the lock', async () => {
  await using accounts = await startTestAccounts();
  // nobody can insert a user until two transactions wait for something
  const gate = accounts.rows(`do $$ begin
    lock table accounts."user" in share mode;
    for turn in 1 .. 1000 loop
      perform pg_stat_clear_snapshot();
      exit when (select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') >= 2;
      perform pg_sleep(0.01);
    end loop;
  end $$`);
  const held = `select count(*)::int as n from pg_locks where mode = 'ShareLock' and relation = 'accounts."user"'::regclass`;
  await expect.poll(() => accounts.rows(held)).toEqual([{ n: 1 }]);

  const answers = await Promise.all(
    ['ada@example.com', 'joan@example.com'].map(email => completeSetup(accounts, { email })),
  );
  await gate;

  expect(answers.map(codesOf).sort()).toEqual([[], ['PRECONDITION_FAILED']]);
  expect(await accounts.rows(COUNTS)).toEqual([{ users: 1, organizations: 1, sessions: 1, events: 1 }]);
});

test('changes nothing for a wrong secret', async () => {
  await using accounts = await startTestAccounts();

  for (const secret of ['', 'wrong', `${setupSecret} `, '\0', 'x'.repeat(100_000)]) {
    const answer = await completeSetup(accounts, { secret });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.errors?.[0]?.message).toBe(
      'The set-up link is not valid. The newest one is printed when the server starts.',
    );
    expect(answer.context.effects.session).toBeUndefined();
  }

  expect(await accounts.rows(COUNTS)).toEqual(nothing);
});

test('tells who does not know the secret nothing about the other fields', async () => {
  await using accounts = await startTestAccounts();

  const answer = await completeSetup(accounts, { secret: 'wrong', email: 'x', password: 'x' });

  expect(codesOf(answer)).toEqual(['FORBIDDEN']);
});

test('names every wrong field at once and changes nothing', async () => {
  await using accounts = await startTestAccounts();

  const answer = await completeSetup(accounts, {
    email: 'nope',
    name: '  ',
    password: 'password',
    organizationName: 'x'.repeat(101),
  });

  expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  expect(answer.errors?.[0]?.extensions?.fields).toEqual([
    { path: 'input.email', problem: 'is not an e-mail address' },
    { path: 'input.name', problem: 'is empty' },
    { path: 'input.password', problem: 'is shorter than 12 characters' },
    { path: 'input.password', problem: 'is one of the most common passwords' },
    { path: 'input.organizationName', problem: 'is longer than 100 characters' },
  ]);
  expect(await accounts.rows(COUNTS)).toEqual(nothing);
});

test('takes only the secret of the newest start', async () => {
  await using accounts = await startTestAccounts({ setupSecret: undefined });
  const { secret: older } = accounts.service.setup;

  await using restarted = await startAccounts({ databaseUrl: accounts.database.url, log: silentLog });

  const { secret: newer } = restarted.setup;
  expect(newer).toMatch(/^muster_setup_[\w-]{43}$/);
  expect(newer).not.toBe(older);
  expect(codesOf(await completeSetup(accounts, { secret: older }))).toEqual(['FORBIDDEN']);
  expect(codesOf(await completeSetup(accounts, { secret: newer }))).toEqual([]);
});

test('keeps nothing when a step of it fails', async () => {
  await using accounts = await startTestAccounts();
  await accounts.rows('alter table audit.event add constraint nothing_passes check (false)');

  const answer = await completeSetup(accounts, {}, createContext());

  expect(codesOf(answer)).toEqual(['INTERNAL']);
  expect(answer.context.effects.session).toBeUndefined();
  expect(await accounts.rows(COUNTS)).toEqual(nothing);
  expect((await accounts.call(SETUP)).data).toEqual({ setup: { isComplete: false } });
  expect(accounts.service.setup.secret).toBe(setupSecret);
});
