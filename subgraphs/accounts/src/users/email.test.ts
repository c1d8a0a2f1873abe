import { expect, test } from 'vitest';
import { isEmail, localPartOf, normalizeEmail } from './email.ts';

test.for([
  'ada@example.com',
  ' Ada.Love+lace@Mail.Example.co.uk ',
  'root@localhost',
  'jörg@müller.example',
  "o'neil@x.io",
])('takes %s for an e-mail address', email => {
  expect(isEmail(email)).toBe(true);
});

test.for([
  '',
  '@',
  'ada',
  'ada@',
  '@example.com',
  'ada@example',
  'ada@@example.com',
  'ada@example..com',
  'ada@-example.com',
  'ada lovelace@example.com',
  'ada@exam ple.com',
  'ada\0@example.com',
  'ada\ud800@example.com',
  'Ada <ada@example.com>',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.com`,
])('takes %j for none', email => {
  expect(isEmail(email)).toBe(false);
});

test('spells an address in one way', () => {
  expect(normalizeEmail(' Ada@Example.COM ')).toBe('ada@example.com');
  expect(localPartOf(' Ada@Example.COM ')).toBe('ada');
});
