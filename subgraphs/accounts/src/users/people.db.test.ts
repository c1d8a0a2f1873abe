import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, contextOf, startTestAccounts, type TestAccounts } from '../testing/accounts.ts';
import { authenticate, becomeOwner, logIn } from '../testing/operations.ts';
import {
  addOrganization,
  addPerson,
  attempt,
  invite,
  mutate,
  Outbox,
  password,
  roleId,
  tokenIn,
} from '../testing/people.ts';

const USERS = `query ($search: String, $first: Int, $after: String) { users(search: $search, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { id email status lastSeenAt hasSecondFactor grants { role { name isBuiltIn } scope { kind organization { name } site { name } tag deviceId } } }
} }`;
const ACCEPT = 'acceptInvitation { token viewer { user { name status } permissions } }';
const DAY_MS = 24 * 3_600_000;

const emailsOf = async (accounts: TestAccounts, context: ReturnType<typeof createContext>, search?: string) => {
  const answer = await accounts.call(USERS, { search }, context);
  expect(answer.errors).toBeUndefined();
  return (answer.data as { users: { nodes: { email: string }[] } }).users.nodes.map(user => user.email);
};

test('lets an invited person in by a link that works once', async () => {
  await using accounts = await startTestAccounts({ publicUrl: 'https://muster.example' });
  const { context } = await becomeOwner(accounts);

  const { user, link } = await invite(accounts, { email: ' Ada@Example.com ', role: 'TECHNICIAN' }, context);
  expect(link).toMatch(/^https:\/\/muster\.example\/invitation#token=muster_invite_[\w-]{43}$/);
  expect((await accounts.call(USERS, { search: 'ada' }, context)).data?.users).toMatchObject({
    nodes: [{ id: user.id, email: 'ada@example.com', status: 'INVITED', lastSeenAt: null, hasSecondFactor: false }],
  });

  const input = { token: tokenIn(link), name: 'Ada Lovelace', password, clientKind: 'CLI' };
  const answer = await attempt(accounts, ACCEPT, { input });
  const again = await attempt(accounts, ACCEPT, { input });

  expect(answer.data?.answer).toMatchObject({
    token: expect.stringMatching(/^muster_cli_/),
    viewer: { user: { name: 'Ada Lovelace', status: 'ACTIVE' }, permissions: expect.arrayContaining(['command:run']) },
  });
  expect(codesOf(again)).toEqual(['FORBIDDEN']);
  expect((await logIn(accounts, { email: 'ada@example.com', password })).errors).toBeUndefined();
  expect((await accounts.call(USERS, { search: 'ada' }, context)).data?.users).toMatchObject({
    nodes: [
      {
        status: 'ACTIVE',
        lastSeenAt: expect.anything(),
        grants: [{ role: { name: 'Technician' }, scope: { kind: 'ALL' } }],
      },
    ],
  });
});

test('mails invitations where it can, and shows the link where mail fails', async () => {
  const outbox = new Outbox();
  await using accounts = await startTestAccounts({ mailer: outbox });
  const { context } = await becomeOwner(accounts);

  const mailed = await invite(accounts, { email: 'ada@example.com', role: 'ADMIN' }, context);
  outbox.send = () => Promise.reject(new Error('the server of mails is away'));
  const shown = await invite(accounts, { email: 'joan@example.com', role: 'ADMIN' }, context);

  expect(mailed.link).toBeNull();
  expect(outbox.mails).toMatchObject([{ to: 'ada@example.com', text: expect.stringContaining(outbox.token) }]);
  expect(shown.link).toContain('#token=');
});

test('takes no invitation that is over, replaced, foreign or of somebody locked out', async () => {
  let now = new Date();
  await using accounts = await startTestAccounts({ now: () => now });
  const { context } = await becomeOwner(accounts);
  const { user, link } = await invite(accounts, { email: 'ada@example.com', role: 'ADMIN' }, context);
  const accept = (token: string) => attempt(accounts, ACCEPT, { input: { token, password } });

  const renewed = await mutate(accounts, 'renewInvitation { link }', { input: { userId: user.id }, context });
  const joan = await invite(accounts, { email: 'joan@example.com', role: 'ADMIN' }, context);
  await mutate(accounts, 'disableUser { user { id } }', { input: { userId: joan.user.id }, context });
  for (const token of [tokenIn(link), tokenIn(joan.link), '', 'x'.repeat(100_000), '\0'])
    expect(codesOf(await accept(token))).toEqual(['FORBIDDEN']);
  now = new Date(now.getTime() + 7 * DAY_MS);
  expect(codesOf(await accept(tokenIn(renewed.link)))).toEqual(['FORBIDDEN']);
  now = new Date(now.getTime() - 1000);

  expect(
    codesOf(await attempt(accounts, ACCEPT, { input: { token: tokenIn(renewed.link), password: 'short' } })),
  ).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await accept(tokenIn(renewed.link)))).toEqual([]);
});

test('lets one of two who use a link at once in', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const { link } = await invite(accounts, { email: 'ada@example.com', role: 'ADMIN' }, context);

  const answers = await Promise.all(
    [1, 2, 3].map(() => attempt(accounts, ACCEPT, { input: { token: tokenIn(link), password } })),
  );

  expect(answers.map(codesOf).sort()).toEqual([[], ['FORBIDDEN'], ['FORBIDDEN']]);
});

test('says what is wrong with an invitation and invites nobody', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const role = await roleId(accounts, 'ADMIN');
  const good = { email: 'ada@example.com', name: 'Ada', roleId: role, scopes: [{ kind: 'ALL' }] };
  const codes = async (input: Record<string, unknown>) =>
    codesOf(await attempt(accounts, 'inviteUser { user { id } }', { input: { ...good, ...input }, context }));
  const nobody = '01990000-0000-7000-8000-000000000000';

  expect(await codes({ email: 'nope', name: '' })).toEqual(['BAD_USER_INPUT']);
  expect(await codes({ roleId: 'nope' })).toEqual(['BAD_USER_INPUT']);
  expect(await codes({ roleId: nobody })).toEqual(['NOT_FOUND']);
  for (const scope of [
    { kind: 'ORGANIZATION' },
    { kind: 'ALL', tag: 'x' },
    { kind: 'TAG', tag: '' },
    { kind: 'DEVICE', deviceId: 'nope' },
    { kind: 'SITE', organizationId: nobody },
  ])
    expect(await codes({ scopes: [scope] }), JSON.stringify(scope)).toEqual(['BAD_USER_INPUT']);
  expect(await codes({ scopes: [] })).toEqual(['BAD_USER_INPUT']);
  expect(await codes({ scopes: [{ kind: 'SITE', siteId: nobody }] })).toEqual(['NOT_FOUND']);
  expect(await codes({ email: 'GRACE@example.com' })).toEqual(['CONFLICT']);
  expect(await emailsOf(accounts, context)).toEqual(['grace@example.com']);
});

test('shows people where the viewer may see them, by name', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const [globex, initech] = [
    await addOrganization(accounts, 'Globex', context),
    await addOrganization(accounts, 'Initech', context),
  ];
  const inGlobex = [{ kind: 'ORGANIZATION', organizationId: globex.id }];
  const admin = await addPerson(accounts, { email: 'bea@example.com', role: 'ADMIN', scopes: inGlobex }, context);
  await invite(
    accounts,
    { email: 'ada@example.com', role: 'READ_ONLY', scopes: [{ kind: 'SITE', siteId: globex.siteId }] },
    context,
  );
  await invite(
    accounts,
    { email: 'cid@example.com', role: 'READ_ONLY', scopes: [{ kind: 'ORGANIZATION', organizationId: initech.id }] },
    context,
  );

  expect(await emailsOf(accounts, context)).toEqual([
    'ada@example.com',
    'bea@example.com',
    'cid@example.com',
    'grace@example.com',
  ]);
  expect(await emailsOf(accounts, admin.context)).toEqual(['ada@example.com', 'bea@example.com']);
  expect(await emailsOf(accounts, admin.context, 'CID')).toEqual([]);
  expect(await emailsOf(accounts, contextOf({ permissions: ['user:read', 'role:read'] }))).toEqual([]);
  expect(codesOf(await accounts.call(USERS, {}, contextOf({ scope: { kind: 'ALL' } })))).toEqual(['FORBIDDEN']);
  const first = (await accounts.call(USERS, { first: 3 }, context)).data?.users as { pageInfo: { endCursor: string } };
  expect((await accounts.call(USERS, { after: first.pageInfo.endCursor }, context)).data?.users).toMatchObject({
    totalCount: 4,
    nodes: [{ email: 'grace@example.com' }],
  });
});

test('locks somebody out at once, and lets them in again', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'TECHNICIAN' }, context);
  const input = { userId: ada.id };

  await mutate(accounts, 'disableUser { user { status } }', { input, context });

  expect(await authenticate(accounts, ada.token)).toBeNull();
  expect(codesOf(await logIn(accounts, { email: 'ada@example.com', password }))).toEqual(['UNAUTHENTICATED']);
  expect(await mutate(accounts, 'enableUser { user { status } }', { input, context })).toEqual({
    user: { status: 'ACTIVE' },
  });
  expect(await authenticate(accounts, ada.token)).toBeNull();
  expect((await logIn(accounts, { email: 'ada@example.com', password })).errors).toBeUndefined();
});

test('keeps the last Owner, and everybody from disabling themselves', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'OWNER' }, context);
  const disable = (userId: string, by = context) =>
    attempt(accounts, 'disableUser { user { id } }', { input: { userId }, context: by });

  expect(codesOf(await disable(context.viewer.id))).toEqual(['PRECONDITION_FAILED']);
  const both = await Promise.all([disable(ada.id), disable(context.viewer.id, ada.context)]);

  expect(both.map(codesOf).sort()).toEqual([[], ['PRECONDITION_FAILED']]);
});
