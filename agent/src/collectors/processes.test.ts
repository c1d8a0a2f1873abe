import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kernelUnits } from './kernel-units.ts';
import { collectProcesses } from './processes.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-root-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

interface Facts {
  pid: number;
  name: string;
  ticks: number;
  pages: number;
}

function putStat({ pid, name, ticks, pages }: Facts): void {
  const rest = `S 1 ${pid} ${pid} 0 -1 4194560 1 0 0 0 ${ticks} 0 0 0 20 0 1 0 500 1000000 ${pages} 18446744073709551615`;
  put(`proc/${pid}/stat`, `${pid} (${name}) ${rest}\n`);
}

test('puts what uses the processor first, then what uses the memory, and keeps so many', async () => {
  put('proc/stat', 'cpu 1\nbtime 1700000000\n');
  put('etc/passwd', `ada:x:${process.getuid?.() ?? 0}:0::/:/bin/sh\n`);
  putStat({ pid: 7, name: 'idle small', ticks: 10, pages: 1 });
  putStat({ pid: 8, name: 'busy) (x', ticks: 10, pages: 2 });
  putStat({ pid: 9, name: 'idle large', ticks: 10, pages: 1_000 });
  put('proc/8/cmdline', `busy\0--flag\0${'x'.repeat(2_000)}\0`);

  const snapshot = collectProcesses({ root, intervalMs: 100, count: 2 });
  putStat({ pid: 8, name: 'busy) (x', ticks: 20, pages: 2 });
  const { processes } = await snapshot;

  expect(processes.map(({ pid, name }) => [pid, name])).toEqual([
    [8, 'busy) (x'],
    [9, 'idle large'],
  ]);
  const [busy, large] = processes;
  // Ten ticks of 10 ms in 100 ms, or a little more than that on a loaded machine.
  expect(busy?.cpuPercent).toBeGreaterThan(10);
  expect(busy?.cpuPercent).toBeLessThanOrEqual(100);
  expect(busy?.command).toMatch(/^busy --flag x+$/);
  expect(busy?.command).toHaveLength(1_024);
  expect(large).toEqual({
    pid: 9,
    name: 'idle large',
    user: 'ada',
    cpuPercent: 0,
    memoryBytes: 4_096_000,
    command: null,
    startedAt: '2023-11-14T22:13:25.000Z',
  });
});

test('a process that ends while it is looked at does no harm', async () => {
  put('proc/stat', '');
  putStat({ pid: 7, name: 'gone', ticks: 10, pages: 1 });
  put('proc/11/nothing', '');

  const snapshot = collectProcesses({ root, intervalMs: 10 });
  rmSync(join(root, 'proc/7'), { recursive: true });

  expect((await snapshot).processes).toEqual([]);
});

test('reads page size and clock from the auxiliary vector', () => {
  const vector = new BigUint64Array([33n, 1n, 6n, 65_536n, 17n, 250n, 0n, 0n]);
  put('proc/self/auxv', new Uint8Array(vector.buffer));

  expect(kernelUnits(root)).toEqual({ pageBytes: 65_536, ticksPerSecond: 250 });
  expect(kernelUnits(join(root, 'absent'))).toEqual({ pageBytes: 4_096, ticksPerSecond: 100 });
});

test('finds a child of this very process', async () => {
  const child = spawn('sleep', ['30'], { stdio: 'ignore' });
  try {
    const { processes } = await collectProcesses({ intervalMs: 50, count: 100_000 });

    const found = processes.find(({ pid }) => pid === child.pid);
    expect(found).toMatchObject({ command: 'sleep 30', cpuPercent: 0 });
    expect(found?.memoryBytes).toBeGreaterThan(100_000);
    expect(Math.abs(Date.parse(found?.startedAt ?? '') - Date.now())).toBeLessThan(10_000);
  } finally {
    child.kill('SIGKILL');
  }
});
