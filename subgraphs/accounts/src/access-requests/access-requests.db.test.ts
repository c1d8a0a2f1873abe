import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, startTestAccounts } from '../testing/accounts.ts';
import { becomeOwner } from '../testing/operations.ts';
import { addOrganization, addPerson, attempt, mutate, password, roleId, tokenIn } from '../testing/people.ts';

const ASK = 'requestAccess { isAccepted }';
const stranger = { email: 'ada@example.com', name: 'Ada', message: 'I am\nnew here.' };
const allow = { input: { acceptsAccessRequests: true } };
const LIST = '{ accessRequests { id email name message } }';

test('takes no requests unless the settings say so', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const isOpen = async () => (await accounts.call('{ setup { acceptsAccessRequests } }')).data?.setup;

  const before = await attempt(accounts, ASK, { input: stranger });
  expect(await isOpen()).toEqual({ acceptsAccessRequests: false });
  await mutate(accounts, 'updateAccountsSettings { settings { acceptsAccessRequests } }', { ...allow, context });

  expect(codesOf(before)).toEqual(['PRECONDITION_FAILED']);
  expect(await isOpen()).toEqual({ acceptsAccessRequests: true });
  expect((await accounts.call('{ accountsSettings { acceptsAccessRequests } }', {}, context)).data).toEqual({
    accountsSettings: { acceptsAccessRequests: true },
  });
  expect(codesOf(await attempt(accounts, ASK, { input: stranger }))).toEqual([]);
});

test('answers everybody alike, and lists each stranger once', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  await mutate(accounts, 'updateAccountsSettings { settings { acceptsAccessRequests } }', { ...allow, context });

  for (const email of ['ada@example.com', 'ADA@example.com', 'grace@example.com'])
    expect((await attempt(accounts, ASK, { input: { ...stranger, email } })).data).toEqual({
      answer: { isAccepted: true },
    });

  expect((await accounts.call(LIST, {}, context)).data?.accessRequests).toEqual([
    { id: expect.any(String), ...stranger },
  ]);
  expect(codesOf(await attempt(accounts, ASK, { input: { ...stranger, message: 'x'.repeat(1001) } }))).toEqual([
    'BAD_USER_INPUT',
  ]);
});

test('lets no address fill the list', async () => {
  await using accounts = await startTestAccounts();
  const { context: owner } = await becomeOwner(accounts);
  await mutate(accounts, 'updateAccountsSettings { settings { acceptsAccessRequests } }', { ...allow, context: owner });
  const context = createContext({ remoteAddress: '192.0.2.9' });
  const ask = async (n: number) =>
    codesOf(await attempt(accounts, ASK, { input: { ...stranger, email: `${n}@example.com` }, context }));

  for (let n = 0; n < 5; n++) expect(await ask(n)).toEqual([]);
  expect(await ask(5)).toEqual(['RATE_LIMITED']);
});

test('invites who is approved, once, and forgets who is refused', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  await mutate(accounts, 'updateAccountsSettings { settings { acceptsAccessRequests } }', { ...allow, context });
  for (const email of ['ada@example.com', 'eve@example.com'])
    await mutate(accounts, ASK, { input: { ...stranger, email } });
  const listed = (await accounts.call(LIST, {}, context)).data as { accessRequests: { id: string }[] };
  const [ada, eve] = listed.accessRequests;
  const approval = { requestId: ada!.id, roleId: await roleId(accounts, 'READ_ONLY'), scopes: [{ kind: 'ALL' }] };
  const APPROVE = 'approveAccessRequest { user { email status } link }';

  const approved = await mutate<{ link: string }>(accounts, APPROVE, { input: approval, context });
  const again = await attempt(accounts, APPROVE, { input: approval, context });
  await mutate(accounts, 'refuseAccessRequest { requestId }', { input: { requestId: eve!.id }, context });

  expect(approved).toMatchObject({ user: { email: 'ada@example.com', status: 'INVITED' } });
  expect(codesOf(again)).toEqual(['NOT_FOUND']);
  expect((await accounts.call(LIST, {}, context)).data).toEqual({ accessRequests: [] });
  const input = { token: tokenIn(approved.link), password };
  expect(codesOf(await attempt(accounts, 'acceptInvitation { token }', { input }))).toEqual([]);
});

test('lets only who may invite everywhere see and answer requests', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', context);
  const scopes = [{ kind: 'ORGANIZATION', organizationId: globex.id }];
  const admin = await addPerson(accounts, { email: 'bea@example.com', role: 'ADMIN', scopes }, context);
  const input = { requestId: globex.id };

  expect(codesOf(await accounts.call(LIST, {}, admin.context))).toEqual(['FORBIDDEN']);
  expect(
    codesOf(await attempt(accounts, 'refuseAccessRequest { requestId }', { input, context: admin.context })),
  ).toEqual(['FORBIDDEN']);
  expect(
    codesOf(
      await attempt(accounts, 'updateAccountsSettings { settings { acceptsAccessRequests } }', {
        ...allow,
        context: admin.context,
      }),
    ),
  ).toEqual(['FORBIDDEN']);
});
