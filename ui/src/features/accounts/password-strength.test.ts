import { expect, test } from 'vitest';
import { validate } from '#design/validate.ts';
import { setupSchema } from './accounts.ts';
import { passwordStrength } from './password-strength.ts';

test.each([
  ['short', 0],
  ['aaaaaaaaaaaaaaaa', 1],
  ['password1234', 1],
  ['abcdefghijklmnop', 1],
  ['purple monkey dishwasher', 4],
  ['Xk9#mQ2$vL5&pR8!', 4],
])('rates %s as %d', (password, level) => {
  expect(passwordStrength(password).level).toBe(level);
});

test('says how many characters are missing', () => {
  expect(passwordStrength('elevenchars').advice).toBe('1 more character needed.');
});

test('the set-up form names every field that is wrong', () => {
  const values = { secret: '', name: ' ', email: 'x', password: 'short', organizationName: '' };
  const result = validate(setupSchema, values);

  expect(result.isValid ? [] : Object.keys(result.errors)).toEqual([
    'secret',
    'name',
    'email',
    'password',
    'organizationName',
  ]);
});
