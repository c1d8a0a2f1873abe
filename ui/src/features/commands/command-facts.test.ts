import { expect, test } from 'vitest';
import { commandDuration, mergeCommands, scriptTitle } from './command-facts.ts';
import type { CommandRow } from './commands.ts';

test.each([
  ['#!/usr/bin/env bash\nset -euo pipefail\n\n# look\ndf -h\n', 'df -h'],
  ["import os from 'node:os';\nconsole.log(os.uptime());\n", 'console.log(os.uptime());'],
  ['# only a comment\n', '# only a comment'],
  ['  \n', '(empty script)'],
])('titles %j as %s', (script, title) => {
  expect(scriptTitle(script)).toBe(title);
});

test('a duration runs from the start to the end, or until now', () => {
  const now = () => Date.parse('2026-11-22T12:00:10Z');

  expect(commandDuration({ startedAt: null, finishedAt: null }, now)).toBeUndefined();
  expect(commandDuration({ startedAt: '2026-11-22T12:00:03Z', finishedAt: null }, now)).toBe(7000);
  expect(commandDuration({ startedAt: '2026-11-22T12:00:03Z', finishedAt: '2026-11-22T12:00:04Z' }, now)).toBe(1000);
  expect(commandDuration({ startedAt: '2026-11-22T12:00:30Z', finishedAt: null }, now)).toBe(0);
});

test('changed commands replace the read ones, new ones come first', () => {
  const row = (id: string, queuedAt: string, status = 'QUEUED') => ({ id, queuedAt, status }) as CommandRow;
  const read = [row('b', '2026-11-22T12:02:00Z'), row('a', '2026-11-22T12:01:00Z')];
  const changed = new Map([
    ['a', row('a', '2026-11-22T12:01:00Z', 'RUNNING')],
    ['c', row('c', '2026-11-22T12:03:00Z')],
  ]);

  expect(mergeCommands(read, changed).map(({ id, status }) => `${id} ${status}`)).toEqual([
    'c QUEUED',
    'b QUEUED',
    'a RUNNING',
  ]);
});
