import { expect, test } from 'vitest';
import { matchesShortcut } from './shortcut.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('takes a single key without modifiers only', () => {
  expect(matchesShortcut(press('r'), 'R')).toBe(true);
  expect(matchesShortcut(press('r', { ctrlKey: true }), 'R')).toBe(false);
  expect(matchesShortcut(press('r', { altKey: true }), 'R')).toBe(false);
});

test('takes Ctrl and ⌘ for the same', () => {
  expect(matchesShortcut(press('k', { ctrlKey: true }), 'Ctrl+K')).toBe(true);
  expect(matchesShortcut(press('k', { metaKey: true }), 'Ctrl+K')).toBe(true);
  expect(matchesShortcut(press('k'), 'Ctrl+K')).toBe(false);
});
