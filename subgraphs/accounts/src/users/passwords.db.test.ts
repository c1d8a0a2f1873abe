import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { administrator, codesOf, startTestAccounts } from '../testing/accounts.ts';
import { authenticate, becomeOwner, logIn, tokenOf } from '../testing/operations.ts';
import {
  addOrganization,
  addPerson,
  attempt,
  contextFor,
  invite,
  mutate,
  Outbox,
  password,
  tokenIn,
} from '../testing/people.ts';

const next = 'staple battery horse';
const CHANGE = 'changePassword { user { id } }';
const RESET = 'resetPassword { user { email } }';
const LINK = 'createPasswordResetLink { link }';
const REQUEST = 'requestPasswordReset { isAccepted }';

test('changes one’s own password and ends every other session', async () => {
  await using accounts = await startTestAccounts();
  const { context, token } = await becomeOwner(accounts);
  const other = tokenOf(await logIn(accounts));

  const wrong = await attempt(accounts, CHANGE, { input: { currentPassword: 'nope', newPassword: next }, context });
  const weak = await attempt(accounts, CHANGE, {
    input: { currentPassword: administrator.password, newPassword: 'x' },
    context,
  });
  const right = await attempt(accounts, CHANGE, {
    input: { currentPassword: administrator.password, newPassword: next },
    context,
  });

  expect([wrong, weak, right].map(codesOf)).toEqual([['BAD_USER_INPUT'], ['BAD_USER_INPUT'], []]);
  expect([await authenticate(accounts, token), await authenticate(accounts, other)]).toEqual([expect.anything(), null]);
  expect(codesOf(await logIn(accounts))).toEqual(['UNAUTHENTICATED']);
  expect((await logIn(accounts, { password: next })).errors).toBeUndefined();
});

test('counts guesses of the old password as guesses', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const input = { currentPassword: 'wrong', newPassword: next };
  for (let n = 0; n < 10; n++) await attempt(accounts, CHANGE, { input, context });

  expect(
    codesOf(await attempt(accounts, CHANGE, { input: { ...input, currentPassword: administrator.password }, context })),
  ).toEqual(['RATE_LIMITED']);
});

test('mails a link to who forgot, and answers everybody alike', async () => {
  const outbox = new Outbox();
  await using accounts = await startTestAccounts({ mailer: outbox });
  const { context, token } = await becomeOwner(accounts);
  await invite(accounts, { email: 'ada@example.com', role: 'ADMIN' }, context);
  outbox.mails.length = 0;

  const answers = await Promise.all(
    ['grace@example.com', 'nobody@example.com', 'ada@example.com', 'no e-mail'].map(email =>
      attempt(accounts, REQUEST, { input: { email } }),
    ),
  );
  await expect.poll(() => outbox.mails.length).toBe(1);

  for (const answer of answers) expect(answer.data).toEqual({ answer: { isAccepted: true } });
  expect(outbox.mails).toMatchObject([{ to: 'grace@example.com' }]);
  expect(await mutate(accounts, RESET, { input: { token: outbox.token, password: next } })).toEqual({
    user: { email: 'grace@example.com' },
  });
  expect(codesOf(await attempt(accounts, RESET, { input: { token: outbox.token, password: next } }))).toEqual([
    'FORBIDDEN',
  ]);
  expect(await authenticate(accounts, token)).toBeNull();
  expect((await logIn(accounts, { password: next })).errors).toBeUndefined();
});

test('floods no mailbox', async () => {
  await using accounts = await startTestAccounts({ mailer: new Outbox() });
  await becomeOwner(accounts);
  const ask = async (n: number) =>
    codesOf(
      await attempt(accounts, REQUEST, {
        input: { email: 'grace@example.com' },
        context: createContext({ remoteAddress: `192.0.2.${n}` }),
      }),
    );

  for (let n = 0; n < 5; n++) expect(await ask(n)).toEqual([]);
  expect(await ask(6)).toEqual(['RATE_LIMITED']);
});

test('makes a link for an admin to hand over, which lasts an hour', async () => {
  let now = new Date();
  await using accounts = await startTestAccounts({ now: () => now });
  const { context } = await becomeOwner(accounts);
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'TECHNICIAN' }, context);
  const link = async () => tokenIn((await mutate(accounts, LINK, { input: { userId: ada.id }, context })).link);

  const [replaced, expired] = [await link(), await link()];
  const refused = await attempt(accounts, RESET, { input: { token: replaced, password: next } });
  now = new Date(now.getTime() + 3_600_000);
  const late = await attempt(accounts, RESET, { input: { token: expired, password: next } });
  const good = await attempt(accounts, RESET, { input: { token: await link(), password: next } });

  expect([refused, late, good].map(codesOf)).toEqual([['FORBIDDEN'], ['FORBIDDEN'], []]);
  expect(codesOf(await logIn(accounts, { email: 'ada@example.com', password }))).toEqual(['UNAUTHENTICATED']);
});

test('lets nobody rise through somebody who may do more', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', context);
  const scopes = [{ kind: 'ORGANIZATION', organizationId: globex.id }];
  const admin = await addPerson(accounts, { email: 'ada@example.com', role: 'ADMIN' }, context);
  const local = await addPerson(accounts, { email: 'bea@example.com', role: 'ADMIN', scopes }, context);
  const owner = await addPerson(accounts, { email: 'joan@example.com', role: 'OWNER', scopes }, context);
  const invited = await invite(accounts, { email: 'eve@example.com', role: 'OWNER', scopes }, context);
  const codes = async (mutation: string, userId: string, by: typeof admin) =>
    codesOf(await attempt(accounts, mutation, { input: { userId }, context: await contextFor(accounts, by.token) }));

  for (const by of [admin, local]) {
    expect(await codes(LINK, owner.id, by)).toEqual(['FORBIDDEN']);
    expect(await codes('disableUser { user { id } }', owner.id, by)).toEqual(['FORBIDDEN']);
    expect(await codes('renewInvitation { link }', invited.user.id, by)).toEqual(['FORBIDDEN']);
  }
  expect(await codes(LINK, context.viewer.id, local)).toEqual(['NOT_FOUND']);
  expect(await codes(LINK, local.id, admin)).toEqual([]);
  expect(await codes(LINK, admin.id, local)).toEqual(['NOT_FOUND']);
});
