import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { programEnvironment } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { openLog, readSince, sizeOf } from './log-file.ts';
import type { Place } from './place.ts';
import { choosePort } from './port.ts';
import { isPostmasterOf, isRunning, type Postmaster, readPostmaster, until } from './process.ts';

/** How a server is to be started. */
export interface Launch {
  readonly binaries: Binaries;
  readonly port?: number | undefined;
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly log: (message: string) => void;
}

const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '1GB',
  wal_compression: 'on',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off', // nobody reads them, and the log of a server that runs for months stays small
};
// Crash recovery replays at most max_wal_size, which takes well under this.
const startLimit = 120_000;
// How long the remains of a killed server may block a new one.
const remainsLimit = 15_000;

/** Finds the server that runs on this data, waiting while it starts or ends; absent when there is none. */
export async function findServer({ data }: Place): Promise<Postmaster | undefined> {
  const found = readPostmaster(data);
  if (!found || !isPostmasterOf(found.pid, data)) return undefined;

  await until(() => !isRunning(found.pid) || readPostmaster(data)?.status === 'ready', startLimit);
  const settled = readPostmaster(data);
  return settled?.status === 'ready' && isRunning(settled.pid) ? settled : undefined;
}

/** Starts a server that outlives this process, and gives it back when it accepts connections. */
export async function launchServer(place: Place, launch: Launch): Promise<Postmaster> {
  const deadline = performance.now() + remainsLimit;
  for (;;) {
    forgetStrangers(place, launch.log);
    const outcome = await attempt(place, launch);
    if (typeof outcome === 'object') return outcome;
    if (!isPassing(outcome, launch) || performance.now() > deadline) throw startFailed(place, outcome);
    await delay(200);
  }
}

// PostgreSQL takes a live process with the pid of its predecessor for that one and refuses for ever, be it a
// stranger (containers, reboots) or a zombie that nobody reaps. A plain dead pid it clears up itself.
function forgetStrangers({ data }: Place, log: Launch['log']): void {
  const found = readPostmaster(data);
  if (!found || isPostmasterOf(found.pid, data)) return;
  log(`postmaster.pid names process ${found.pid}, which is not this server any more: removed`);
  rmSync(join(data, 'postmaster.pid'), { force: true });
}

async function attempt(place: Place, { binaries, port: wished, settings }: Launch): Promise<Postmaster | string> {
  const port = await choosePort(wished);
  const options = Object.entries({ ...defaults, ...settings }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const file = join(place.home, 'postgres.log');
  const log = openLog(file);
  const offset = sizeOf(log);
  const child = spawn(binaries.postgres, ['-D', place.data, '-p', String(port), ...options], {
    ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
    cwd: place.home,
    detached: true, // its own process group: Ctrl-C ends the services first, and they end it
    env: programEnvironment,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return (await becomesReady(child, place.data)) ?? readSince(file, offset);
}

async function becomesReady(child: ChildProcess, data: string): Promise<Postmaster | undefined> {
  let isGone = false;
  child.once('error', () => (isGone = true)).once('exit', () => (isGone = true));
  const isReady = () => readPostmaster(data)?.pid === child.pid && readPostmaster(data)?.status === 'ready';
  await until(() => isGone || isReady(), startLimit);
  child.unref();
  if (!isGone && !isReady()) child.kill('SIGQUIT');
  return isReady() ? readPostmaster(data) : undefined;
}

function isPassing(said: string, { port }: Launch): boolean {
  if (/could not (bind|create any TCP)/.test(said)) return port === undefined;
  return /lock file "postmaster.pid" already exists|pre-existing shared memory block/.test(said);
}

function startFailed({ home }: Place, said: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError('start-failed', `PostgreSQL does not start (${home}/postgres.log): ${said}`);
}
