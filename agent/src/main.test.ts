import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentBench } from './testing/agent-bench.ts';
import { AgentProcess } from './testing/agent-process.ts';
import { until } from './testing/facts.ts';

test.each([
  [[], 'no server'],
  [['--server', 'nonsense'], 'is not an address'],
  [['--bogus'], '--bogus'],
  [['--server', 'http://localhost:1', '--data-dir', '/dev/null/no'], 'data folder'],
])('exits 78 with words for %j', async (args, words) => {
  const agent = new AgentProcess(args);

  expect(await agent.exit).toBe(78);
  expect(agent.log).toContain(words);
});

test('exits 78 when it is neither enrolled nor given a token', async () => {
  await using bench = await AgentBench.empty();
  const agent = new AgentProcess(['--server', bench.server.url, '--data-dir', bench.dataDir]);

  expect(await agent.exit).toBe(78);
  expect(agent.log).toContain('not enrolled');
});

test('exits 77 when the server refuses the token, and never logs it', async () => {
  await using bench = await AgentBench.empty();
  const agent = new AgentProcess(['--server', bench.server.url, '--data-dir', bench.dataDir, '--token', 's3cret']);

  expect(await agent.exit).toBe(77);
  expect(agent.log).toContain('refused to enrol');
  expect(agent.log).not.toContain('s3cret');
});

test('keeps trying to enrol while there is no server, and stops when told', async () => {
  await using bench = await AgentBench.empty();
  const agent = bench.run({}, 'http://127.0.0.1:9');

  await until('it tried', () => agent.log.includes('disconnected'));

  expect(await agent.kill('SIGTERM')).toBe(0);
});

test('needs the token once: a second start finds its device again under a skewed clock', async () => {
  await using bench = await AgentBench.start();
  expect(await bench.agent.kill('SIGINT')).toBe(0);

  bench.server.clockOffsetMs = -7_200_000;
  const connections = bench.server.connections;
  bench.run();
  await until('it is back', () => bench.server.connections > connections && bench.server.signals.count > 0);

  expect(bench.server.devices.size).toBe(1);
});

test('a second agent on the same data folder gives up with 75', async () => {
  await using bench = await AgentBench.start();

  const second = new AgentProcess(['--server', bench.server.url, '--data-dir', bench.dataDir]);

  expect(await second.exit).toBe(75);
  expect(second.log).toContain('another agent is running');
});

test('a lock whose holder is another process under the same pid is taken over', async () => {
  await using bench = await AgentBench.start();
  const lock = join(bench.dataDir, 'lock');
  const holder = JSON.parse(readFileSync(lock, 'utf8'));
  await bench.agent.kill();

  writeFileSync(lock, JSON.stringify({ ...holder, pid: process.pid }));
  mkdirSync(`${lock}.takeover`);
  bench.run();

  await bench.present();
});

test('stops in order when its parent goes', async () => {
  await using bench = await AgentBench.empty();
  const args = ['--server', bench.server.url, '--token', bench.server.token, '--data-dir', bench.dataDir];
  const agent = new AgentProcess(args, { ipc: true });
  await bench.present();

  agent.disconnect();

  expect(await agent.exit).toBe(0);
  expect(agent.log).toContain('agent stopped');
});

test('sends everything again when asked to refresh, and a cancel for an unknown command is no matter', async () => {
  await using bench = await AgentBench.start();
  await until('the inventory is there', () => bench.server.inventory.length >= 10);

  bench.server.signal({ kind: 'CANCEL', commandId: 'unknown' });
  bench.server.signal({ kind: 'REFRESH_INVENTORY', commandId: null });

  await until('it came again', () => bench.server.inventory.length >= 20);
});
