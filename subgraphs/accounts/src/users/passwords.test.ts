import { expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

test('knows the right password by its hash', async () => {
  const passwords = await Passwords.create();
  const hash = await passwords.hash('nanoseconds are wires');

  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.isRight('nanoseconds are wires', hash)).toBe(true);
  expect(await passwords.isRight('picoseconds are wires', hash)).toBe(false);
  expect(await passwords.isRight('', hash)).toBe(false);
});

test('takes a password in whatever way a keyboard spells it', async () => {
  const passwords = await Passwords.create();

  const hash = await passwords.hash('A\u030angstro\u0308m and more');

  expect(await passwords.isRight('\u00c5ngstr\u00f6m and more', hash)).toBe(true);
});

test('finds nothing right where there is no hash', async () => {
  const passwords = await Passwords.create();

  expect(await passwords.isRight('anything', undefined)).toBe(false);
});

test('salts: one password has many hashes', async () => {
  const passwords = await Passwords.create();

  expect(await passwords.hash('the same')).not.toBe(await passwords.hash('the same'));
});

test('refuses rather than letting a crowd wait without end', async () => {
  const passwords = await Passwords.create();

  const outcomes = await Promise.allSettled(Array.from({ length: 110 }, () => passwords.isRight('x', undefined)));

  const refused = outcomes.filter(outcome => outcome.status === 'rejected');
  expect(refused).toHaveLength(6);
  expect(refused[0]?.reason).toMatchObject({ code: 'RATE_LIMITED' });
});
