import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

test('lets a burst through, then as many per second as it was told', () => {
  let now = 0;
  const buckets = new TokenBuckets({ burst: 3, perSecond: 2, now: () => now });
  const take = (count: number) => Array.from({ length: count }, () => buckets.take('a'));

  expect(take(4)).toEqual([0, 0, 0, 1]);
  now += 500;
  expect(take(2)).toEqual([0, 1]);
  now += 60_000;
  expect(take(4)).toEqual([0, 0, 0, 1]);
  expect(buckets.take('b')).toBe(0);
});

test('tells after how many seconds a costly call can pass, and takes nothing for it', () => {
  const buckets = new TokenBuckets({ burst: 10, perSecond: 0.5, now: () => 0 });
  buckets.take('a', 8);

  expect([buckets.take('a', 5), buckets.take('a', 2)]).toEqual([6, 0]);
});

test('remembers no more keys than it was told, the latest', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001, maxKeys: 1_000, now: () => 0 });
  for (let index = 0; index < 50_000; index += 1) buckets.take(`address ${index}`);

  expect(buckets.size).toBe(1_000);
  expect(buckets.take('address 49999')).toBeGreaterThan(0);
  expect(buckets.take('address 0')).toBe(0);
});
