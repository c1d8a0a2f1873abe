import { describe, expect, it } from 'vitest';
import { choosable, groupByNoun, matching, withTicked } from './permissions.ts';

const permission = (name: string, isForApiKeys = true) => ({
  name,
  description: `May ${name}.`,
  needsStepUp: false,
  isForApiKeys,
});
const catalogue = [
  permission('user:read'),
  permission('user:invite', false),
  permission('device:read'),
  permission('command:run'),
];
const names = (choices: readonly { name: string }[]) => choices.map(({ name }) => name);

describe('choosable', () => {
  it('offers only what the person holds', () => {
    const held = new Set(['user:read', 'user:invite', 'device:read', 'agent:report']);
    expect(names(choosable(catalogue, { held }))).toEqual(['user:read', 'user:invite', 'device:read']);
  });

  it('offers a key only what keys can hold', () => {
    const held = new Set(['user:read', 'user:invite']);
    expect(names(choosable(catalogue, { held, isForApiKey: true }))).toEqual(['user:read']);
  });

  it('offers the bare names without a catalogue', () => {
    expect(names(choosable(undefined, { held: new Set(['b:read', 'a:read']) }))).toEqual(['a:read', 'b:read']);
  });
});

describe('groupByNoun', () => {
  it('keeps the order of the catalogue', () => {
    expect(groupByNoun(catalogue).map(({ title, choices }) => [title, choices.length])).toEqual([
      ['User', 2],
      ['Device', 1],
      ['Command', 1],
    ]);
  });
});

describe('matching', () => {
  it('wants every word in the name or the description', () => {
    expect(names(matching(catalogue, 'may READ user'))).toEqual(['user:read']);
    expect(matching(catalogue, '')).toHaveLength(4);
  });
});

describe('withTicked', () => {
  it('adds each name once and takes names away', () => {
    expect(withTicked(['b', 'a'], ['b', 'c'], true)).toEqual(['a', 'b', 'c']);
    expect(withTicked(['a', 'b', 'c'], ['b', 'x'], false)).toEqual(['a', 'c']);
  });
});
