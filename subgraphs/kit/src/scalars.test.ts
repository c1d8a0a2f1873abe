import { expect, test } from 'vitest';
import { BigIntScalar, DateTime } from './scalars.ts';

test('a whole number travels as a number while that is exact, then as digits', () => {
  expect([
    BigIntScalar.serialize(7),
    BigIntScalar.serialize(2n ** 53n - 1n),
    BigIntScalar.serialize(2n ** 60n),
  ]).toEqual([7, 9007199254740991, '1152921504606846976']);
  expect([BigIntScalar.parseValue(7), BigIntScalar.parseValue('1152921504606846976')]).toEqual([7n, 2n ** 60n]);
});

test.each([1.5, '1e3', '', 'x', null, 2 ** 60, '12345678901234567890'])('%j is no whole number that fits', value => {
  expect(() => BigIntScalar.parseValue(value)).toThrow();
});

test('an instant travels as RFC 3339 in UTC', () => {
  expect(DateTime.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  expect(() => DateTime.parseValue('yesterday')).toThrow();
});
