import { expect, test } from 'vitest';
import { formatBytes, formatCount, plural } from './amounts.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  ['17179869184', '16.0 GiB'],
  [256_060_514_304, '238 GiB'],
  ['9007199254740993000', '8000 PiB'],
])('writes %s bytes as %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test('separates thousands and knows one from many', () => {
  expect(formatCount(10_000)).toBe('10,000');
  expect(plural(1, 'device')).toBe('1 device');
  expect(plural(0, 'device')).toBe('0 devices');
  expect(plural(2, 'match', 'matches')).toBe('2 matches');
});
