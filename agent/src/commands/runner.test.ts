import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Clock } from '../clock.ts';
import { createLog } from '../log.ts';
import type { CommandReport } from '../operations.ts';
import { testPath } from '../testing/agent-process.ts';
import { until } from '../testing/facts.ts';
import { aJob, seal } from '../testing/test-command.ts';
import { Outbox } from './outbox.ts';
import { refusal } from './reporting.ts';
import { Runner } from './runner.ts';

const keys = generateKeyPairSync('ed25519');
const serverKey = String(keys.publicKey.export({ format: 'jwk' }).x);
let dataDir: string;
let isReady: boolean;
let delivered: CommandReport[];
let outbox: Outbox;
let runner: Runner;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'muster-runner-'));
  isReady = false;
  delivered = [];
});

afterEach(async () => {
  outbox.close();
  await runner.close();
  rmSync(dataDir, { recursive: true });
});

async function open(): Promise<void> {
  const log = createLog(() => undefined);
  const send = async (reports: CommandReport[]) => {
    delivered.push(...reports);
    return reports.map(({ commandId }) => ({ commandId, throughSequence: 0, isFinal: true }));
  };
  outbox = new Outbox({ log, isReady: () => isReady, send });
  const host = { path: testPath, scriptDir: join(dataDir, 'scripts') };
  const identity = () => ({ deviceId: 'd', serverKey });
  runner = await Runner.open({ dataDir, host, identity, clock: new Clock(), log, outbox, onFree: () => undefined });
}

/** A command that ended while the server was away. */
function putEnded(commandId: string): void {
  const folder = join(dataDir, 'spool', commandId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'job.json'), JSON.stringify(aJob({ deviceId: 'd', commandId })));
  writeFileSync(join(folder, 'finished.json'), JSON.stringify(refusal('why', '2026-01-01T00:00:00.000Z')));
}

const spooled = () => readdirSync(join(dataDir, 'spool')).length;

test('takes no command beyond the 256 that the disk holds, and takes more once ended ones are acknowledged', async () => {
  for (let number = 0; number < 255; number++) putEnded(`ended-${number}`);
  await open();
  const [last, beyond] = [aJob({ deviceId: 'd' }), aJob({ deviceId: 'd' })];

  expect(runner.free).toBe(1);
  await runner.accept(seal(last, keys.privateKey));
  await runner.accept(seal(beyond, keys.privateKey));
  expect(runner.free).toBe(0);
  expect(spooled()).toBe(256);
  expect(existsSync(join(dataDir, 'spool', beyond.commandId))).toBe(false);

  isReady = true;
  outbox.retryNow();
  await until('the spool is empty', () => spooled() === 0);
  expect(new Set(delivered.map(({ commandId }) => commandId)).size).toBe(256);
  expect(runner.free).toBe(16);
  await runner.accept(seal(beyond, keys.privateKey));
  await until('it ran', () => delivered.some(({ commandId, finished }) => commandId === beyond.commandId && finished));
});

test('a command that is handed out again after it was over is told to be over, and does not run', async () => {
  putEnded('ended');
  await open();
  isReady = true;
  outbox.retryNow();
  await until('the spool is empty', () => spooled() === 0);

  await runner.accept(seal(aJob({ deviceId: 'd', commandId: 'ended', script: 'exit 9' }), keys.privateKey));

  await until('its end is told again', () => delivered.filter(({ finished }) => finished).length === 2);
  expect(delivered.at(-1)?.finished).toEqual(refusal('why', '2026-01-01T00:00:00.000Z'));
});
