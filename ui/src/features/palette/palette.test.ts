import { expect, test } from 'vitest';
import type { Action } from '#design/action.ts';
import { matchingActions } from './palette.ts';

const action = (title: string, keywords = '') => ({ id: title, title, keywords }) as Action;
const all = [action('Devices', 'fleet machines'), action('Add device', 'enrol'), action('Sign out')];
const titles = (search: string) => matchingActions(all, search).map(({ title }) => title);

test('finds by every word, in title or keywords', () => {
  expect(titles('device')).toEqual(['Devices', 'Add device']);
  expect(titles('add dev')).toEqual(['Add device']);
  expect(titles('FLEET')).toEqual(['Devices']);
  expect(titles('nothing')).toEqual([]);
  expect(titles('')).toHaveLength(3);
});
