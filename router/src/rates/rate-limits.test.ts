import { anonymousViewer, type Viewer } from '@muster/kit/auth/viewer';
import { expect, test } from 'vitest';
import { type RatedCall, RateLimits } from './rate-limits.ts';

const rate = { burst: 2, perSecond: 0.001 };
const limits = () =>
  new RateLimits({
    callers: rate,
    devices: { burst: 4, perSecond: 0.001 },
    anonymous: rate,
    doors: { logIn: { burst: 3, perSecond: 0.1 } },
  });

const anonymousAt = (remoteAddress: string): RatedCall => ({ viewer: anonymousViewer, remoteAddress });
const knownAt = (id: string, kind: Viewer['kind'] = 'USER'): RatedCall => ({
  viewer: { ...anonymousViewer, kind, id },
  remoteAddress: '192.0.2.1',
});
const passes = (rates: RateLimits, call: RatedCall): number => {
  let count = 0;
  while (count < 100 && !rates.refusal(call)) count += 1;
  return count;
};

test('counts people by who they are, devices in a larger bucket, and nobody by address', () => {
  const rates = limits();

  expect(passes(rates, knownAt('ada'))).toBe(2);
  expect(passes(rates, knownAt('grace'))).toBe(2);
  expect(passes(rates, knownAt('d1', 'DEVICE'))).toBe(4);
  expect(passes(rates, anonymousAt('192.0.2.1'))).toBe(2);
  expect(passes(rates, anonymousAt('192.0.2.2'))).toBe(2);
});

test('counts the addresses of one IPv6 subnet as one', () => {
  const rates = limits();

  expect(passes(rates, anonymousAt('2001:db8:0:1::5'))).toBe(2);
  expect(passes(rates, anonymousAt('2001:db8:0:1:ffff::1'))).toBe(0);
  expect(passes(rates, anonymousAt('2001:db8::1'))).toBe(2);
  expect(passes(rates, anonymousAt('::1'))).toBe(2);
});

test('counts every try of a door, however many one document holds', () => {
  const rates = limits();
  const call = anonymousAt('192.0.2.1');

  expect(rates.doorRefusal(['logIn', 'logIn', 'viewer'], call)).toBeUndefined();
  expect(rates.doorRefusal(['logIn', 'logIn'], call)?.extensions).toEqual({
    code: 'RATE_LIMITED',
    isRetriable: true,
    retryAfterSeconds: 10,
  });
  expect(rates.doorRefusal(['logIn'], call)).toBeUndefined();
  expect(rates.doorRefusal(['viewer'], call)).toBeUndefined();
});
