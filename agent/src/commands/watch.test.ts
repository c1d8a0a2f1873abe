import { mkdtempSync, rmSync, type watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../testing/facts.ts';
import { watchFolder } from './watch.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-watch-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('tells of a change', async () => {
  let changes = 0;
  const watched = watchFolder(folder, () => changes++);

  writeFileSync(join(folder, 'file'), 'x');

  await until('it told', () => changes > 0);
  expect(watched.isNotified).toBe(true);
  watched.close();
});

test('polls when the kernel has no watch left', async () => {
  let calls = 0;
  const exhausted = (() => {
    throw Object.assign(new Error('EMFILE: too many open files, watch'), { code: 'EMFILE' });
  }) as unknown as typeof watch;

  const watched = watchFolder(folder, () => calls++, exhausted);

  await until('it looked twice', () => calls >= 2);
  expect(watched.isNotified).toBe(false);
  watched.close();
});
