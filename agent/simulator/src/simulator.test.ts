import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { until } from '../../src/testing/facts.ts';
import type { ServerCommand } from '../../src/testing/test-command.ts';
import { TestServer } from '../../src/testing/test-server.ts';
import { readConfig } from './config.ts';
import { Simulator } from './simulator.ts';

let server: TestServer;
const simulators: Simulator[] = [];

beforeEach(async () => {
  server = await TestServer.start();
});

afterEach(async () => {
  await Promise.all(simulators.splice(0).map(simulator => simulator.stop()));
  await server.stop();
});

const flags = (parts: Record<string, string | number>) =>
  Object.entries({ server: server.url, token: server.token, ramp: 0.2, ...parts }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);

async function simulate(parts: Record<string, string | number>): Promise<Simulator> {
  const simulator = new Simulator(
    readConfig(flags(parts)),
    createLog(() => undefined),
  );
  simulators.push(simulator);
  await simulator.start();
  await until('all are present', () => server.signals.count === simulator.summary.devices);
  return simulator;
}

function queueForAll(count: number): ServerCommand[] {
  const devices = [...server.devices.keys()];
  return devices.flatMap(deviceId => Array.from({ length: count }, () => server.queue({ deviceId })));
}

const wholeText = (command: ServerCommand) => command.chunks.map(({ text }) => text).join('');
const numbered = ({ id }: ServerCommand, count: number) =>
  Array.from({ length: count }, (_, index) => `${id} ${index + 1}\n`).join('');

test('fifty devices run their commands once each and deliver every chunk, whatever happens to their links', async () => {
  const simulator = await simulate({ devices: 50, 'command-ms': 300, 'drop-links': 25 });
  server.acknowledgementsToLose = 1;

  const commands = queueForAll(4);
  await until('links were dropped', () => simulator.summary.linksDropped > 5);
  await until('all ended', () => commands.every(command => command.finished), 18_000);
  await until('all is acknowledged', () => simulator.summary.pending === 0);

  for (const command of commands) {
    expect(wholeText(command)).toBe(numbered(command, 5));
    expect(command.finished).toMatchObject({ status: 'SUCCEEDED', exitCode: 0, lastSequence: 5 });
  }
  expect(simulator.summary).toMatchObject({
    enrolled: 50,
    commandsRun: 200,
    commandsFinished: 200,
    ranTwice: 0,
    chunksAcknowledged: 1_000,
    refused: 0,
  });
  expect(simulator.summary.reconnects).toBeGreaterThan(5);
});

test('a command that is handed out again is told again and not run again, while it runs and after', async () => {
  const simulator = await simulate({ devices: 1, 'command-ms': 300 });
  const again = (command: ServerCommand) => {
    command.isLeased = false;
    server.signal({ kind: 'COMMANDS_WAITING', commandId: null });
  };

  const [command] = queueForAll(1) as [ServerCommand];
  await until('it runs', () => command.startedAt);
  again(command);
  const first = await until('it ended', () => command.finished);
  await until('it is forgotten', () => simulator.summary.commandsFinished === 1);
  command.finished = null;
  again(command);

  expect(await until('its end is told again', () => command.finished)).toEqual(first);
  expect(simulator.summary).toMatchObject({ commandsRun: 1, ranTwice: 0, redelivered: 2 });
});

test('a cancelled command ends at once, and one that takes too long times out', async () => {
  await simulate({ devices: 1, 'command-ms': 60_000, chunks: 1 });
  const [deviceId = ''] = server.devices.keys();

  const [cancelled, late] = [server.queue({ deviceId }), server.queue({ deviceId, timeoutSeconds: 1 })];
  await until('it runs', () => cancelled.startedAt);
  server.signal({ kind: 'CANCEL', commandId: cancelled.id });

  await until('both ended', () => cancelled.finished && late.finished);
  expect([cancelled.finished?.status, late.finished?.status]).toEqual(['CANCELLED', 'TIMED_OUT']);
});

test('the same seed makes the same devices', async () => {
  const first = await simulate({ devices: 3, seed: 'one' });
  await first.stop();
  await until('they are gone', () => server.signals.count === 0);
  await simulate({ devices: 3, seed: 'one' });

  expect(server.devices.size).toBe(3);
});

test('prints what it did when it is told to stop', async () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', main, ...flags({ devices: 5 })]);
  let output = '';
  child.stdout.on('data', text => {
    output += text;
  });
  await until('all are present', () => server.signals.count === 5);
  const commands = queueForAll(1);
  await until('all ended', () => commands.every(command => command.finished));
  await sleep(50);

  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(JSON.parse(output)).toMatchObject({ devices: 5, enrolled: 5, online: 5, commandsRun: 5, ranTwice: 0 });
});

test('a refused token ends it', async () => {
  const simulator = new Simulator(
    readConfig([...flags({ devices: 2 }), '--token', 'wrong']),
    createLog(() => undefined),
  );
  simulators.push(simulator);

  await expect(simulator.start()).rejects.toThrow('UNAUTHENTICATED');
});

test.each([
  [['--devices', '0'], '--devices is between 1 and 10000'],
  [['--drop-links', '101'], '--drop-links is between 0 and 100'],
  [['--server', 'nonsense'], 'no server'],
  [['--token', ''], 'no token'],
])('refuses %j', (args, words) => {
  expect(() => readConfig([...flags({}), ...args])).toThrow(words);
});
