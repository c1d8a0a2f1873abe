import { describe, expect, test } from 'vitest';
import { absoluteTime, formatDuration, relativeTime } from './relative-time.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const second = 1000;
const day = 86_400 * second;

describe('relativeTime', () => {
  test.each([
    [0, 'just now'],
    [-4 * second, 'just now'],
    [-5 * second, '5 s ago'],
    [-59 * second, '59 s ago'],
    [-60 * second, '1 min ago'],
    [-3599 * second, '59 min ago'],
    [-3600 * second, '1 h ago'],
    [-23.9 * 3600 * second, '23 h ago'],
    [-day, '1 d ago'],
    [-29.9 * day, '29 d ago'],
  ])('says %d ms as %s', (offset, words) => {
    expect(relativeTime(now + offset, now)).toBe(words);
  });

  test('looks ahead, too', () => {
    expect(relativeTime(now + 3 * 3600 * second, now)).toBe('in 3 h');
  });

  test('does not count on a clock that is a little fast', () => {
    expect(relativeTime(now + 3 * second, now)).toBe('just now');
  });

  test('gives the date beyond 30 days', () => {
    expect(relativeTime(now - 31 * day, now)).toBe('22 Oct 2026');
  });
});

test('absoluteTime has the day, the second and the zone', () => {
  expect(absoluteTime(now)).toMatch(/22 November 2026.*\d\d:\d\d:\d\d.*[A-Z]/);
});

describe('formatDuration', () => {
  test.each([
    [-50, '0.0 s'],
    [0, '0.0 s'],
    [1240, '1.2 s'],
    [9999, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [125_000, '2 min 05 s'],
    [3_725_000, '1 h 02 min'],
    [90_000_000, '1 d 1 h'],
  ])('says %d ms as %s', (length, words) => {
    expect(formatDuration(length)).toBe(words);
  });
});
