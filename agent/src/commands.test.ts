import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findTree } from './commands/process-tree.ts';
import { readProcess } from './commands/processes.ts';
import { AgentBench } from './testing/agent-bench.ts';
import { until } from './testing/facts.ts';
import { aJob, ServerCommand, seal } from './testing/test-command.ts';

const device = (bench: AgentBench) => [...bench.server.devices.keys()][0] ?? '';
const leftovers = (commandId: string) => findTree({ commandId, shimPid: -1 }).map(process => process.pid);

test('streams chunks while the command runs', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'for i in 1 2 3; do echo $i; echo e$i >&2; sleep 0.15; done' });
  await until('it ended', () => command.finished);

  expect(command.text()).toBe('1\n2\n3\n');
  expect(command.text('STDERR')).toBe('e1\ne2\ne3\n');
  const [first = 0, last = 0] = [command.arrivals[0], command.arrivals.at(-1)];
  expect(last - first).toBeGreaterThan(200);
});

test('sends the output of a short command with its end', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo hi' });
  await until('it ended', () => command.finished);

  // One on a quiet machine; on a loaded one the start, with or without the output, may go ahead alone.
  expect(command.reports.length).toBeLessThanOrEqual(2);
  expect(command.reports.at(-1)).toMatchObject({ finished: { lastSequence: 1 } });
  expect(command.text()).toBe('hi\n');
});

test('a timeout ends the whole tree, with children that left the session and ignore TERM', async () => {
  await using bench = await AgentBench.start();
  const script = `
    sleep 61 &
    setsid sleep 62 &
    setsid sh -c 'trap "" TERM; while :; do sleep 63; done' &
    (env -i setsid sleep 64 &)
    echo started; wait`;

  const command = bench.server.queue({ script, timeoutSeconds: 1 });
  await until('it runs', () => command.text() === 'started\n');
  const tree = leftovers(command.id);
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'TIMED_OUT', reason: null });
  expect(tree.length).toBeGreaterThanOrEqual(4);
  expect(leftovers(command.id)).toEqual([]);
  for (const pid of tree) expect(readProcess(pid)).toBe(null);
});

test('a cancelled command ends at once', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'sleep 60' });
  await until('it runs', () => command.startedAt);
  bench.server.signal({ kind: 'CANCEL', commandId: command.id });
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'CANCELLED', exitCode: null, signal: 'SIGTERM' });
  expect(leftovers(command.id)).toEqual([]);
});

test('a running command that the server does not want is ended', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'while :; do echo x; sleep 0.1; done' });
  await until('it runs', () => command.startedAt);
  const tree = leftovers(command.id);
  command.isUnwanted = true;
  await until('it is gone', () => leftovers(command.id).length === 0 && tree.length > 0);
  await until('the spool is empty', () => readdirSync(`${bench.dataDir}/spool`).length === 0);
});

test.each([
  ['BASH', '[[ 1 -lt 2 ]] && echo bash', 'bash\n'],
  ['PYTHON3', 'import sys; print("python", sys.argv[1])', 'python a b\n'],
  ['NODE', 'console.log("node", process.argv[2])', 'node a b\n'],
  ['SH', 'printf "%s\\n" "$1" "$GREETING" "$PWD"', "a b\nit's\n/tmp\n"],
] as const)('runs %s with arguments, environment and folder', async (shell, script, output) => {
  await using bench = await AgentBench.start();
  const environment = [{ name: 'GREETING', value: "it's" }];

  const command = bench.server.queue({ shell, script, arguments: ['a b'], environment, workingDirectory: '/tmp' });
  const finished = await until('it ended', () => command.finished);

  expect(finished.status).toBe('SUCCEEDED');
  expect(command.text()).toBe(output);
});

test.each([
  [{ shell: 'PWSH' }, 'pwsh is not installed on this device'],
  [{ workingDirectory: '/no/such/folder' }, 'the working directory /no/such/folder does not exist'],
  [{ runAs: 'nobody-here' }, 'there is no user nobody-here on this device'],
  [{ runAs: '--reuid=0' }, 'there is no user --reuid=0 on this device'],
  [{ environment: [{ name: 'A;B', value: '' }] }, '"A;B" is not a valid name of an environment variable'],
] as const)('fails with a reason: %o', async (parts, reason) => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue(parts);
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'FAILED', exitCode: null, reason });
  expect(command.startedAt).toBe(null);
});

test('names the signal that killed a command, and takes an exit code above 128 for what it is', async () => {
  await using bench = await AgentBench.start();

  const killed = bench.server.queue({ script: 'kill -KILL $$' });
  const exited = bench.server.queue({ script: 'exit 137' });
  await until('both ended', () => killed.finished && exited.finished);

  expect(killed.finished).toMatchObject({ status: 'FAILED', exitCode: null, signal: 'SIGKILL' });
  expect(exited.finished).toMatchObject({ status: 'FAILED', exitCode: 137, signal: null });
});

test.runIf(process.getuid?.() === 0)('runs as another user with its groups and removes the script', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ runAs: 'nobody', script: 'id -un; echo $HOME $0; cat /etc/shadow; env | sort' });
  await until('it ended', () => command.finished);

  const [user, place = ''] = command.text().split('\n');
  expect(user).toBe('nobody');
  expect(command.text('STDERR')).toContain('Permission denied');
  expect(existsSync(place.split(' ')[1] ?? '/')).toBe(false);
});

test('refuses commands that are unsigned, changed, foreign or expired', async () => {
  await using bench = await AgentBench.start();
  const deviceId = device(bench);
  const { privateKey } = bench.server.keys;
  const other = generateKeyPairSync('ed25519').privateKey;
  const cases: [string, ServerCommand][] = [
    ['not signed', new ServerCommand(seal(aJob({ deviceId }), other))],
    ['not signed', new ServerCommand({ ...seal(aJob({ deviceId }), privateKey), signature: '' })],
    ['another device', new ServerCommand(seal(aJob({ deviceId: 'device-2' }), privateKey))],
    ['expired', new ServerCommand(seal(aJob({ deviceId, expiresAt: new Date(0).toISOString() }), privateKey))],
    ['its hash', new ServerCommand(seal(aJob({ deviceId }), privateKey, { script: 'rm -rf /' }))],
    ['another id', new ServerCommand({ ...seal(aJob({ deviceId }), privateKey), id: 'other' })],
    ['not understood', new ServerCommand(seal(aJob({ deviceId }), privateKey, { version: 2 }))],
  ];

  for (const [, command] of cases) bench.server.hand(command);

  for (const [reason, command] of cases) {
    const finished = await until(`"${reason}" is told`, () => command.finished);
    expect(finished).toMatchObject({ status: 'FAILED', exitCode: null, lastSequence: 0 });
    expect(finished.reason).toContain(reason);
  }
});

test('keeps head and tail of a long output and counts the rest', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'head -c 30000000 /dev/zero | tr "\\0" x; echo the end' });
  const finished = await until('it ended', () => command.finished);

  const kept = command.text();
  expect(finished).toMatchObject({ status: 'SUCCEEDED', outputBytes: 30_000_008, isOutputTruncated: true });
  expect(kept.length).toBe(1024 * 1024);
  expect(kept.endsWith('xthe end\n')).toBe(true);
  expect(Math.max(...command.chunks.map(({ text }) => text.length))).toBeLessThanOrEqual(32 * 1024);
});

test('gives the middle of a very long output back to the disk while the command still runs', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'head -c 150000000 /dev/zero; echo the end; sleep 60' });
  const file = () => statSync(`${bench.dataDir}/spool/${command.id}/stdout`, { throwIfNoEntry: false });
  await until('all is written', () => file()?.size === 150_000_008);
  // What was written after the last time is left alone until it is 64 MiB again.
  await until('the disk has it back', () => (file()?.blocks ?? 0) * 512 < 70_000_000);
  bench.server.signal({ kind: 'CANCEL', commandId: command.id });
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'CANCELLED', outputBytes: 150_000_008, isOutputTruncated: true });
  expect(command.text().endsWith('the end\n')).toBe(true);
});

test('with stop-commands a shutdown ends what runs and says so', async () => {
  await using bench = await AgentBench.start({ MUSTER_AGENT_STOP_COMMANDS: '1' });

  const command = bench.server.queue({ script: 'echo on; sleep 60' });
  await until('it runs', () => command.text() === 'on\n');
  const exit = await bench.agent.kill('SIGTERM');

  expect(exit).toBe(0);
  expect(command.finished).toMatchObject({ status: 'FAILED', reason: 'the agent was stopped' });
  expect(leftovers(command.id)).toEqual([]);
});

test('otherwise commands live on through an orderly restart', async () => {
  await using bench = await AgentBench.start();

  const command = bench.server.queue({ script: 'echo on; sleep 0.5; echo off' });
  await until('it runs', () => command.text() === 'on\n');
  expect(await bench.agent.kill('SIGTERM')).toBe(0);
  bench.run();
  const finished = await until('it ended', () => command.finished);

  expect(finished.status).toBe('SUCCEEDED');
  expect(command.text()).toBe('on\noff\n');
});

test('runs sixteen commands at once, leases no more, and takes up the rest as slots come free', async () => {
  await using bench = await AgentBench.start();
  const gate = `${bench.dataDir}/gate`;
  const script = `while ! [ -e ${gate} ]; do sleep 0.1; done; echo done`;

  const commands = Array.from({ length: 40 }, () => bench.server.queue({ script }));
  const started = () => commands.filter(command => command.startedAt).length;
  await until('all slots are taken', () => started() === 16);
  const leased = commands.filter(command => command.isLeased).length;
  writeFileSync(gate, '');
  await until('all ended', () => commands.every(command => command.finished), 18_000);

  expect(leased).toBe(16);
  for (const command of commands) expect([command.finished?.status, command.text()]).toEqual(['SUCCEEDED', 'done\n']);
});
