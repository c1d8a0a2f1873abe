import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentBench } from './testing/agent-bench.ts';
import { until } from './testing/facts.ts';

test('enrols, proves its key and reports its inventory', async () => {
  await using bench = await AgentBench.start();

  // All but the updates, which wait until the machine has started up.
  await until(
    'the sections are there',
    () => new Set(bench.server.inventory.map(({ section }) => section)).size === 10,
  );

  expect(statSync(bench.dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(bench.dataDir, 'device-key.pem')).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(join(bench.dataDir, 'enrollment.json'), 'utf8')).serverKey).toBe(
    bench.server.serverKey,
  );
  expect(bench.server.initPayloads[0]).toEqual({});
  expect(typeof bench.server.initPayloads[1]?.token).toBe('string');
});

test('runs a command and reports its exit code with both streams apart', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo out; echo err >&2; exit 7' });
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({
    status: 'FAILED',
    exitCode: 7,
    signal: null,
    reason: null,
    isOutputTruncated: false,
  });
  expect([command.text(), command.text('STDERR')]).toEqual(['out\n', 'err\n']);
  await until('the spool is empty', () => readdirSync(join(bench.dataDir, 'spool')).length === 0);
});

test('a server of the first revision gets the sections that it knows', async () => {
  await using bench = await AgentBench.empty({ isFirst: true });
  bench.run();

  await until('its sections are there', () => new Set(bench.server.inventory.map(({ section }) => section)).size === 7);
  await until('the rest was offered', () => bench.agent.log.includes('"section":"PROCESSES"'));

  const command = bench.server.queue({ script: 'echo on' });
  await until('it ended', () => command.finished);
});
