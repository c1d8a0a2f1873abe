import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-journal-'));
  path = join(folder, 'done.ndjson');
});

afterEach(() => rmSync(folder, { recursive: true }));

const stone = (id: string, at = Date.now()) => ({ id, at, finished: null });

test('remembers ids over a restart, also after a line that was cut short', async () => {
  const first = await Journal.open(path);
  await first.bury(stone('a'));
  await first.close();
  appendFileSync(path, '{"id":"b","at"');

  const second = await Journal.open(path);
  await second.bury(stone('c'));

  expect(['a', 'b', 'c'].map(id => second.has(id))).toEqual([true, false, true]);
  expect(await second.find('a')).toMatchObject({ id: 'a' });
  await second.close();
});

test('stays bounded in number and age, on disk too', async () => {
  const journal = await Journal.open(path, { count: 5, forMs: 60_000 });
  await journal.bury(stone('old', Date.now() - 120_000));
  await Promise.all(Array.from({ length: 23 }, (_, i) => journal.bury(stone(`id${i}`))));

  expect(journal.has('id22')).toBe(true);
  expect(journal.has('id0') || journal.has('old')).toBe(false);
  expect(readFileSync(path, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(10);
  await journal.close();
});
