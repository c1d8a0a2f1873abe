import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs work while no other process holds the lock file; the lock of a process that died is taken over. */
export async function withLock(file, title, work) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  for (let isTold = false; !tryToTake(file); isTold = true) {
    const holder = read(file);
    if (holder && !isAlive(Number.parseInt(holder, 10))) bury(file, holder);
    if (!isTold) console.log(`Waiting for process ${Number.parseInt(holder, 10) || '?'}, which is ${title} …`);
    await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

// Linking a finished file makes name and content appear at once: nobody ever reads a half-written lock.
function tryToTake(file) {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${process.pid} ${randomUUID()}`);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

// Renaming has one winner. One that comes late may have moved the next holder's lock, and puts it back.
function bury(file, holder) {
  const grave = `${file}.${randomUUID()}`;
  try {
    renameSync(file, grave);
    if (read(grave) !== holder) linkSync(grave, file);
  } catch {
    // moved by another process first: the next round tells
  } finally {
    rmSync(grave, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
