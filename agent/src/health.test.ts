import { mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkHealth, Health } from './health.ts';
import { AgentBench } from './testing/agent-bench.ts';
import { AgentProcess } from './testing/agent-process.ts';
import { until } from './testing/facts.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-health-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('touches its file again and again, with the phase of the connection, and takes it away in the end', async () => {
  let phase = 'offline';
  const health = new Health(folder, () => phase, 10);
  const read = () => readFileSync(join(folder, 'health'), 'utf8');
  expect([read(), checkHealth(folder)]).toEqual(['offline\n', true]);

  phase = 'ready';
  await until('it was touched again', () => read() === 'ready\n');
  health.close();

  expect(checkHealth(folder)).toBe(false);
});

test('a file that was not touched for minutes is no sign of life', () => {
  const health = new Health(folder, () => 'ready');
  const before = Date.now() / 1_000 - 200;
  utimesSync(join(folder, 'health'), before, before);

  expect(checkHealth(folder)).toBe(false);
  health.close();
});

test('--health tells of another agent by its exit status', async () => {
  await using bench = await AgentBench.start();
  const ask = (dataDir: string) => new AgentProcess(['--health', '--data-dir', dataDir]).exit;

  expect(await ask(bench.dataDir)).toBe(0);
  expect(await ask(folder)).toBe(70);
});
