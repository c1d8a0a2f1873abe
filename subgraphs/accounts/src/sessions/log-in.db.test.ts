import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, startTestAccounts } from '../testing/accounts.ts';
import { authenticate, becomeOwner, completeSetup, logIn, tokenOf } from '../testing/operations.ts';

test('opens a session for the right password, however the e-mail is spelt', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);

  const answer = await logIn(accounts, { email: ' Grace@Example.COM ', clientKind: 'CLI' });

  expect(answer.data?.logIn).toMatchObject({
    __typename: 'LoggedIn',
    token: expect.stringMatching(/^muster_cli_/),
    viewer: { kind: 'USER', user: { email: 'grace@example.com' } },
  });
  expect(answer.context.effects.session).toBeUndefined();
});

test('gives a browser a cookie and no token; null asks for a browser too', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);

  const answer = await logIn(accounts, { clientKind: null });

  expect(answer.data?.logIn).toMatchObject({ token: null });
  expect(answer.context.effects.session).toMatchObject({ kind: 'opened' });
});

test('answers a wrong password and an unknown e-mail alike', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);

  const answers = await Promise.all([
    logIn(accounts, { password: 'picoseconds are wires' }),
    logIn(accounts, { email: 'nobody@example.com' }),
    logIn(accounts, { email: 'no e-mail at all\0' }),
    logIn(accounts, { email: '', password: '' }),
    logIn(accounts, { password: 'x'.repeat(1_000_000) }),
  ]);

  for (const { errors, context } of answers) {
    expect(errors).toMatchObject([
      { message: 'E-mail or password is wrong.', extensions: { code: 'UNAUTHENTICATED', isRetriable: false } },
    ]);
    expect(context.effects.session).toBeUndefined();
  }
});

test('takes as long for an unknown e-mail as for a wrong password', async () => {
  let calls = 0;
  // an hour passes at every look at the clock, so that no pause gets in the way
  await using accounts = await startTestAccounts({ now: () => new Date(calls++ * 3_600_000) });
  await completeSetup(accounts);
  const timed = async (input: Record<string, unknown>): Promise<number> => {
    const from = performance.now();
    await logIn(accounts, input);
    return performance.now() - from;
  };

  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 15; round++) {
    known.push(await timed({ password: 'picoseconds are wires' }));
    unknown.push(await timed({ email: `nobody-${round}@example.com` }));
  }

  const ratio = median(unknown) / median(known);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('pauses an account after ten failures and lets it in again after a minute', async () => {
  let now = new Date('2026-01-01T00:00:00Z');
  await using accounts = await startTestAccounts({ now: () => now });
  await completeSetup(accounts);
  for (let attempt = 0; attempt < 10; attempt++) {
    const context = createContext({ remoteAddress: `192.0.2.${attempt}` });
    expect(codesOf(await logIn(accounts, { password: 'wrong' }, context))).toEqual(['UNAUTHENTICATED']);
  }

  const paused = await logIn(accounts);
  now = new Date(now.getTime() + 61_000);
  const later = await logIn(accounts);

  expect(paused.errors).toMatchObject([
    {
      message: 'Too many failed attempts. Try again in 60 seconds.',
      extensions: { code: 'RATE_LIMITED', isRetriable: true },
    },
  ]);
  expect(later.errors).toBeUndefined();
});

test('pauses an address that tries many accounts, and no other address', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);
  const attacker = createContext({ remoteAddress: '2001:db8:0:1::66' });
  for (let attempt = 0; attempt < 10; attempt++)
    await logIn(accounts, { email: `user-${attempt}@example.com` }, attacker);

  const neighbour = createContext({ remoteAddress: '2001:db8:0:1:ffff::1' });
  const other = createContext({ remoteAddress: '2001:db8:0:2::1' });

  expect(codesOf(await logIn(accounts, {}, neighbour))).toEqual(['RATE_LIMITED']);
  expect(codesOf(await logIn(accounts, {}, other))).toEqual([]);
});

test('lets no burst of guesses past the limit', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);

  const answers = await Promise.all(Array.from({ length: 40 }, () => logIn(accounts, { password: 'wrong' })));

  expect(answers.flatMap(codesOf).filter(code => code === 'UNAUTHENTICATED')).toHaveLength(10);
  expect(await accounts.rows("select count(*)::int as n from audit.event where action = 'session.refused'")).toEqual([
    { n: 10 },
  ]);
});

test('writes down who was refused, but no text that may be a password', async () => {
  await using accounts = await startTestAccounts();
  await completeSetup(accounts);
  const context = createContext({ remoteAddress: '192.0.2.7' });

  await logIn(accounts, { password: 'wrong' }, context);
  await logIn(accounts, { email: 'nobody@example.com' }, context);
  await logIn(accounts, { email: 'my secret password' }, context);

  const rows = await accounts.rows(
    "select actor_kind, outcome, remote_address, target_id is not null as has_target, details from audit.event where action = 'session.refused' order by sequence",
  );
  const refused = { actor_kind: 'ANONYMOUS', outcome: 'REFUSED', remote_address: '192.0.2.7' };
  expect(rows).toEqual([
    { ...refused, has_target: true, details: { email: 'grace@example.com', reason: 'WRONG_PASSWORD' } },
    { ...refused, has_target: false, details: { email: 'nobody@example.com', reason: 'UNKNOWN_EMAIL' } },
    { ...refused, has_target: false, details: { reason: 'UNKNOWN_EMAIL' } },
  ]);
});

test('opens no session that it cannot write down', async () => {
  await using accounts = await startTestAccounts();
  const owner = await becomeOwner(accounts);
  await accounts.rows('alter table audit.event add constraint nothing_passes check (false) not valid');

  const answer = await logIn(accounts);

  expect(codesOf(answer)).toEqual(['INTERNAL']);
  expect(answer.context.effects.session).toBeUndefined();
  expect(await accounts.rows('select count(*)::int as n from accounts.session')).toEqual([{ n: 1 }]);
  expect(await authenticate(accounts, owner.token)).not.toBeNull();
});

test('keeps sessions of one person apart', async () => {
  await using accounts = await startTestAccounts();
  const first = tokenOf(await completeSetup(accounts));
  const second = tokenOf(await logIn(accounts));

  const sessions = await Promise.all([first, second].map(token => authenticate(accounts, token)));

  expect(first).not.toBe(second);
  expect(new Set(sessions.map(session => session?.viewer.sessionId)).size).toBe(2);
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
