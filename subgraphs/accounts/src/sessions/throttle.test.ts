import { expect, test } from 'vitest';
import { Throttle } from './throttle.ts';

const limits = { failures: 3, pauseMs: 60_000, forgetMs: 600_000, keys: 4 };

function aThrottle() {
  const clock = { now: 0 };
  const throttle = new Throttle(() => new Date(clock.now), limits);
  const fail = (...keys: string[]) => throttle.begin(keys).fail();
  return { clock, throttle, fail };
}

test('refuses every attempt for a while after too many failures', () => {
  const { clock, throttle, fail } = aThrottle();
  for (let attempt = 0; attempt < 3; attempt++) fail('ada');

  expect(() => throttle.begin(['ada'])).toThrow('Too many failed attempts. Try again in 60 seconds.');
  clock.now = 59_001;
  expect(() => throttle.begin(['ada'])).toThrow('Try again in 1 seconds.');
  clock.now = 60_000;
  expect(() => throttle.begin(['ada'])).not.toThrow();
});

test('counts each key by itself', () => {
  const { throttle, fail } = aThrottle();
  for (let attempt = 0; attempt < 3; attempt++) fail(`account ${attempt}`, 'address');

  expect(() => throttle.begin(['account 0'])).not.toThrow();
  expect(() => throttle.begin(['account 9', 'address'])).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
});

test('counts attempts under way as failures to come', () => {
  const { throttle } = aThrottle();
  const attempts = [1, 2, 3].map(() => throttle.begin(['ada']));

  expect(() => throttle.begin(['ada'])).toThrow('Too many attempts at once.');
  attempts[0]?.release();
  expect(() => throttle.begin(['ada'])).not.toThrow();
});

test('forgets failures on request, and those long ago by itself', () => {
  const { clock, throttle, fail } = aThrottle();
  fail('ada');
  fail('ada');
  throttle.forget('ada');
  fail('ada');
  fail('ada');
  clock.now = 600_001;
  fail('ada');

  expect(() => throttle.begin(['ada'])).not.toThrow();
});

test('remembers a bounded number of keys', () => {
  const { throttle, fail } = aThrottle();
  for (let attempt = 0; attempt < 3; attempt++) fail('ada');
  for (const key of ['a', 'b', 'c']) fail(key);
  expect(() => throttle.begin(['ada'])).toThrow();

  for (const key of ['d', 'e', 'f', 'g']) fail(key);

  expect(() => throttle.begin(['ada'])).not.toThrow();
});
