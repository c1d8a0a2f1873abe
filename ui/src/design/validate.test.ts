import * as v from 'valibot';
import { expect, test } from 'vitest';
import { stillTrue, validate } from './validate.ts';

const schema = v.object({
  email: v.pipe(v.string(), v.trim(), v.nonEmpty('Enter an address.'), v.email('Not an address.')),
  seconds: v.pipe(v.string(), v.transform(Number), v.minValue(1, 'At least 1.')),
});

test('gives the cleaned output of valid values', () => {
  expect(validate(schema, { email: ' ada@example.org ', seconds: '30' })).toEqual({
    isValid: true,
    output: { email: 'ada@example.org', seconds: 30 },
  });
});

test('says the first problem of each wrong field', () => {
  expect(validate(schema, { email: ' ', seconds: '0' })).toEqual({
    isValid: false,
    errors: { email: 'Enter an address.', seconds: 'At least 1.' },
  });
});

test('forgets the problem of a field whose value has changed', () => {
  const found = { email: 'Not an address.', seconds: 'At least 1.' };
  const judged = { email: 'x', seconds: '0' };

  expect(stillTrue(found, { judged, values: { email: 'ada@example.org', seconds: '0' } })).toEqual({
    seconds: 'At least 1.',
  });
});
