import { expect, test } from 'vitest';
import { parseDisplayName, parseNotes, parseTags } from './device-labels.ts';

test('tags are kept in lower case, once each, in order', () => {
  expect(parseTags([' Prod ', 'web:front', 'prod', 'Zürich 2'])).toEqual(['prod', 'web:front', 'zürich 2']);
});

test.each([
  ['an empty one', [''], 'input.tags.0'],
  ['a comma', ['a', 'b,c'], 'input.tags.1'],
  ['a line break', ['a\nb'], 'input.tags.0'],
  ['one too long', ['x'.repeat(65)], 'input.tags.0'],
  ['too many', Array.from({ length: 51 }, (_, index) => `t${index}`), 'input.tags'],
])('tags with %s are refused', (_what, tags, path) => {
  expect(() => parseTags(tags)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining(path) }),
  );
});

test('a name of nothing but blanks is none', () => {
  expect(parseDisplayName('  ')).toBeNull();
  expect(parseDisplayName(' Front desk ')).toBe('Front desk');
  expect(() => parseDisplayName('a\u0007')).toThrow('control character');
  expect(() => parseDisplayName('x'.repeat(101))).toThrow('longer');
});

test('notes keep their lines and lose what PostgreSQL does not take', () => {
  expect(parseNotes('one\n two\0')).toBe('one\n two');
  expect(parseNotes(' \n')).toBeNull();
  expect(() => parseNotes('x'.repeat(20_001))).toThrow('longer');
});
