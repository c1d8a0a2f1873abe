import { expect, test } from 'vitest';
import { nameProblems } from './text.ts';

test.for(['A', 'Ada Lovelace', '株式会社', '😀'.repeat(100), ' padded '])('takes %s for a name', name => {
  expect(nameProblems(name)).toEqual([]);
});

test.for([
  ['', 'is empty'],
  [' \n\t ', 'is empty'],
  ['x'.repeat(101), 'is longer than 100 characters'],
  ['a\0b', 'contains characters that cannot be shown'],
  ['two\nlines', 'contains characters that cannot be shown'],
  ['half \ud800 pair', 'contains characters that cannot be shown'],
  ['right\u202eto left', 'contains characters that cannot be shown'],
])('says of %j: %s', ([name, problem]) => {
  expect(nameProblems(name!)).toEqual([problem]);
});
