import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readProcess } from './commands/processes.ts';
import { Spool } from './commands/spool.ts';
import { AgentBench } from './testing/agent-bench.ts';
import { until } from './testing/facts.ts';
import { TcpProxy } from './testing/tcp-proxy.ts';
import { aJob, ServerCommand, seal } from './testing/test-command.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `line${i + 1}\n`).join('');
const counting = (pause: number, exit = 0) =>
  `echo run >>"$RUNS"; i=1; while [ $i -le 20 ]; do echo line$i; i=$((i+1)); sleep ${pause}; done; exit ${exit}`;

test('keeps every line and runs once when the agent is killed in the middle and started again', async () => {
  await using bench = await AgentBench.start();
  const runs = join(bench.dataDir, 'runs');

  const command = bench.server.queue({ script: counting(0.1, 5), environment: [{ name: 'RUNS', value: runs }] });
  await until('some lines are there', () => command.text().includes('line5'));
  await bench.agent.kill();
  await sleep(300);
  bench.run();
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'FAILED', exitCode: 5 });
  expect(command.text()).toBe(numbers(20));
  expect(readFileSync(runs, 'utf8')).toBe('run\n');
});

test('reports a command that ended while no agent was there', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo before; sleep 0.3; echo after; exit 3' });
  await until('it runs', () => command.text() === 'before\n');
  await bench.agent.kill();
  await sleep(600);
  bench.run();
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'FAILED', exitCode: 3 });
  expect(command.text()).toBe('before\nafter\n');
});

test('delivers the end of a command that ended while the link was cut', async () => {
  await using bench = await AgentBench.empty();
  await using proxy = await TcpProxy.to(bench.server.port);
  bench.run({}, proxy.url);
  await bench.present();

  const command = bench.server.queue({ script: 'echo one; sleep 0.3; echo two; exit 4' });
  await until('it runs', () => command.text() === 'one\n');
  proxy.cut();
  await sleep(700);
  expect(command.finished).toBe(null);
  proxy.heal();
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'FAILED', exitCode: 4 });
  expect(command.text()).toBe('one\ntwo\n');
});

test('completes ten commands under repeated kills of the agent, each run once', async () => {
  await using bench = await AgentBench.start();
  const runs = join(bench.dataDir, 'runs');

  const commands = Array.from({ length: 10 }, (_, exit) =>
    bench.server.queue({ script: counting(0.15, exit), environment: [{ name: 'RUNS', value: `${runs}${exit}` }] }),
  );
  await until('all were taken', () => commands.every(command => command.startedAt));
  for (let kill = 0; kill < 4; kill++) {
    await sleep(400);
    await bench.agent.kill();
    bench.run();
  }
  await until('all ended', () => commands.every(command => command.finished));

  expect(commands.map(command => command.finished?.exitCode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const command of commands) expect(command.text()).toBe(numbers(20));
  expect(commands.map((_, exit) => readFileSync(`${runs}${exit}`, 'utf8'))).toEqual(Array(10).fill('run\n'));
});

test('runs a redelivered command once, while it runs and after it ended', async () => {
  await using bench = await AgentBench.start();
  const runs = join(bench.dataDir, 'runs');

  const command = bench.server.queue({ script: `echo run >>${runs}; sleep 0.5; exit 2` });
  await until('it runs', () => command.startedAt);
  command.isLeased = false;
  bench.server.signal({ kind: 'COMMANDS_WAITING', commandId: null });
  const first = await until('it ended', () => command.finished);
  // The server forgets the end, as after a restore, and hands the command out again.
  command.finished = null;
  command.isLeased = false;
  await bench.agent.kill();
  bench.run();
  const second = await until('the end is told again', () => command.finished);

  expect({ ...second, finishedAt: '' }).toEqual({ ...first, finishedAt: '' });
  expect(readFileSync(runs, 'utf8')).toBe('run\n');
});

test('sends chunks again whose acknowledgement was lost', async () => {
  await using bench = await AgentBench.start();
  bench.server.acknowledgementsToLose = 3;

  const command = bench.server.queue({ script: 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done' });
  const finished = await until('it ended', () => command.finished);

  expect(finished.status).toBe('SUCCEEDED');
  expect(command.text()).toBe('1\n2\n3\n4\n5\n6\n');
  expect(command.duplicates).toBeGreaterThan(0);
});

test('says that a command is lost when its supervisor vanished, and ends what is left of it', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo $$; exec sleep 60' });
  const pid = Number(await until('it runs', () => command.text()));
  const [shim] = readFileSync(join(bench.dataDir, 'spool', command.id, 'pid'), 'utf8').split(' ');
  process.kill(Number(shim), 'SIGKILL');
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'LOST', exitCode: null });
  expect(finished.reason).toContain('vanished');
  expect(readProcess(pid)).toBe(null);
});

test('after a reboot a started command is lost and does not run again', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo on; sleep 60' });
  await until('it runs', () => command.text() === 'on\n');
  await bench.agent.kill();
  const marker = join(bench.dataDir, 'spool', command.id, 'started');
  writeFileSync(marker, JSON.stringify({ ...JSON.parse(readFileSync(marker, 'utf8')), bootId: 'before' }));
  bench.run();
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({
    status: 'LOST',
    reason: 'the device restarted while the command ran',
    lastSequence: 1,
  });
});

test('a shim whose pid now belongs to another process is not taken for alive', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo on; sleep 60' });
  await until('it runs', () => command.text() === 'on\n');
  await bench.agent.kill();
  const folder = join(bench.dataDir, 'spool', command.id);
  const shim = readFileSync(join(folder, 'pid'), 'utf8').split(' ');
  process.kill(Number(shim[0]), 'SIGKILL');
  writeFileSync(join(folder, 'pid'), `${process.pid} 1\n`);
  bench.run();
  const finished = await until('it ended', () => command.finished);

  expect(finished.status).toBe('LOST');
});

test('a command that was journaled but not started runs after a restart, once the server still wants it', async () => {
  await using bench = await AgentBench.start();
  await bench.agent.kill();
  const wanted = await journaled(bench, 'echo ran');
  const unwanted = await journaled(bench, `touch ${join(bench.dataDir, 'must-not-exist')}`);
  unwanted.isUnwanted = true;

  bench.run();
  const finished = await until('it ended', () => wanted.finished);
  await until('the spool is empty', () => readdirSync(join(bench.dataDir, 'spool')).length === 0);

  expect(finished.status).toBe('SUCCEEDED');
  expect(wanted.text()).toBe('ran\n');
  expect(existsSync(join(bench.dataDir, 'must-not-exist'))).toBe(false);
});

async function journaled(bench: AgentBench, script: string): Promise<ServerCommand> {
  const job = aJob({ deviceId: [...bench.server.devices.keys()][0] ?? '', script });
  const command = new ServerCommand(seal(job, bench.server.keys.privateKey));
  command.isLeased = true;
  bench.server.commands.set(command.id, command);
  await new Spool(join(bench.dataDir, 'spool')).create(job);
  return command;
}
