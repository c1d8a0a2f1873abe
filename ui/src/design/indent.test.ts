import { expect, test } from 'vitest';
import { indent } from './indent.ts';

test('inserts a step at the cursor', () => {
  expect(indent({ text: 'ab', start: 1, end: 1 }, false)).toEqual({ text: 'a  b', start: 3, end: 3 });
});

test('moves every selected line in, and out again', () => {
  const moved = indent({ text: 'a\nb\nc', start: 0, end: 3 }, false);
  expect(moved).toEqual({ text: '  a\n  b\nc', start: 2, end: 7 });
  expect(indent(moved, true)).toEqual({ text: 'a\nb\nc', start: 0, end: 3 });
});

test('moves the line of the cursor out', () => {
  expect(indent({ text: 'x\n  y', start: 5, end: 5 }, true)).toEqual({ text: 'x\ny', start: 3, end: 3 });
});
