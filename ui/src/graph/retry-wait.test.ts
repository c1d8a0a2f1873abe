import { expect, test } from 'vitest';
import { retryDelay } from './retry-wait.ts';

test('waits longer after each failure, but never beyond 30 seconds', () => {
  const longest = [0, 1, 2, 3, 10, 1000].map(attempt => retryDelay(attempt, () => 1));

  expect(longest).toEqual([500, 1000, 2000, 4000, 30_000, 30_000]);
});

test('spreads the consoles over half of the wait', () => {
  expect(retryDelay(3, () => 0)).toBe(2000);
  expect(retryDelay(3, () => 0.5)).toBe(3000);
});
