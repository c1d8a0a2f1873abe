import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { birthMark, isRunning } from './process.ts';

const patience = 60_000;

/** Runs work while no other process holds the lock file; the lock of a process that died is taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const mine = `${process.pid} ${birthMark(process.pid)} ${randomUUID()}`;
  const deadline = performance.now() + patience;
  while (!(await tryToTake(file, mine))) {
    const holder = await read(file);
    if (holder && !isAlive(holder)) await bury(file, holder);
    else if (performance.now() > deadline) throw lockedBy(file, holder);
    else await delay(50);
  }
  try {
    return await work();
  } finally {
    if ((await read(file)) === mine) await rm(file, { force: true });
  }
}

// Linking a finished file makes name and content appear at once: nobody ever reads a half-written lock.
async function tryToTake(file: string, mine: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

// Renaming has one winner. One that comes late may have moved the next holder's lock, and puts it back.
async function bury(file: string, holder: string): Promise<void> {
  const grave = `${file}.${randomUUID()}`;
  try {
    await rename(file, grave);
    if ((await read(grave)) !== holder) await link(grave, file);
  } catch {
    // moved by another process first: the next round tells
  } finally {
    await rm(grave, { force: true });
  }
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function isAlive(holder: string): boolean {
  const [pid, born] = holder.split(' ');
  return isRunning(Number(pid)) && birthMark(Number(pid)) === born;
}

function lockedBy(file: string, holder: string | undefined): EmbeddedPostgresError {
  const pid = holder?.split(' ')[0] ?? 'unknown';
  return new EmbeddedPostgresError(
    'locked',
    `Another start (process ${pid}) has held ${file} for ${patience / 1000} s. End that process and try again.`,
  );
}
