import { expect, test } from 'vitest';
import { freeSlug, slugOf } from './slug.ts';

test.for([
  ['Acme', 'acme'],
  ['  Acme, Inc.  ', 'acme-inc'],
  ['Möbel & Söhne', 'mobel-sohne'],
  ['Straße 9', 'strasse-9'],
  ['--', 'organization'],
  ['株式会社', 'organization'],
  ['', 'organization'],
  [`${'a'.repeat(49)} b`, 'a'.repeat(49)],
])('makes of %j the slug %s', ([name, slug]) => {
  expect(slugOf(name!)).toBe(slug);
});

test('takes the first number that is free', () => {
  expect(freeSlug('acme', new Set())).toBe('acme');
  expect(freeSlug('acme', new Set(['acme-2']))).toBe('acme');
  expect(freeSlug('acme', new Set(['acme', 'acme-2', 'acme-4']))).toBe('acme-3');
});
