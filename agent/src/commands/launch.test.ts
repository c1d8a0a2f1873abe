import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testPath } from '../testing/agent-process.ts';
import { until } from '../testing/facts.ts';
import { aJob } from '../testing/test-command.ts';
import { installShim, launch } from './launch.ts';
import { endTree, findTree } from './process-tree.ts';
import { readProcess } from './processes.ts';
import { Spool, type SpoolEntry } from './spool.ts';

let root: string;
let shim: { file: string; path: string };
let entry: SpoolEntry;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'muster-launch-'));
  shim = { file: join(root, 'shim.sh'), path: testPath };
  installShim(shim.file);
  entry = await new Spool(join(root, 'spool')).create(aJob({ deviceId: 'd' }));
});

afterEach(async () => {
  await endTree({ commandId: entry.id, shimPid: -1 }, { termMs: 0, killMs: 3_000 });
  rmSync(root, { recursive: true });
});

/** `timeoutSeconds` that makes the watchdog act after a second. */
const hurried = -9;
const sh = (script: string) => ['/bin/sh', '-c', script];

test('a shim records its process, both streams and the exit status', async () => {
  const launched = await launch({ entry, line: sh('echo o; echo e >&2; exit 9'), timeoutSeconds: 60 }, shim);

  await until('it ended', () => entry.readExit() !== null);

  expect(entry.readExit()).toBe(9);
  expect(entry.readShim()).toEqual(launched?.shim);
  expect(entry.hasDeathNotice()).toBe(false);
  await until('the shim and its watchdog are gone', () => readProcess(launched?.shim.pid ?? -1) === null);
});

test('without an agent the shim itself ends the tree at the timeout, with children that left the session', async () => {
  const script = 'trap "" TERM; setsid sleep 71 & sleep 72 & while :; do sleep 73; done';
  await launch({ entry, line: sh(script), timeoutSeconds: hurried }, shim);

  await until('it ended', () => entry.readExit() !== null);

  expect(entry.readEnding()).toBe('timeout');
  await until('nothing is left', () => findTree({ commandId: entry.id, shimPid: -1 }).length === 0);
});

test('a shim that cannot be started is told once, though error and close both fire', async () => {
  const missing = launch({ entry, line: sh('true'), timeoutSeconds: 60 }, { ...shim, shell: '/no/such/shell' });
  await expect(missing).rejects.toThrow('ENOENT');

  const closed = join(root, 'closed');
  writeFileSync(closed, '#!/bin/sh\n');
  chmodSync(closed, 0o600);
  await expect(launch({ entry, line: [], timeoutSeconds: 60 }, { ...shim, shell: closed })).rejects.toThrow('EACCES');
});
