import { linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootId } from './boot.ts';
import { readProcess } from './commands/processes.ts';
import { readJson } from './files.ts';

interface Holder {
  pid: number;
  startTime: string;
  bootId: string;
}

/** Held for the life of the agent; `release` lets the next one in. */
export interface Lock {
  release(): void;
}

/** Takes the data folder for this process alone, or null when another living agent keeps it for the whole wait. */
export async function takeLock(dataDir: string, waitMs = 5_000): Promise<Lock | null> {
  const path = join(dataDir, 'lock');
  const mine = `${path}.${process.pid}`;
  const until = performance.now() + waitMs;
  writeFileSync(mine, JSON.stringify(thisProcess()), { mode: 0o600 });
  try {
    while (!(link(mine, path) || takeOver(mine, path))) {
      if (performance.now() > until) return null;
      await sleep(100);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** A link appears with its content or not at all, so nobody ever reads half a lock. */
function link(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch {
    return false;
  }
}

/** Replaces the lock of a dead holder; the folder `lock.takeover` lets one do it at a time. */
function takeOver(mine: string, path: string): boolean {
  if (isAlive(readJson<Holder>(path))) return false;
  const guard = `${path}.takeover`;
  try {
    mkdirSync(guard);
  } catch {
    forgetOldGuard(guard);
    return false;
  }
  try {
    if (isAlive(readJson<Holder>(path))) return false;
    renameSync(mine, path);
    return true;
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/** A guard is held for microseconds; an old one belongs to a process that was killed inside. */
function forgetOldGuard(guard: string): void {
  const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && Date.now() - made > 2_000) rmSync(guard, { recursive: true, force: true });
}

function thisProcess(): Holder {
  return { pid: process.pid, startTime: readProcess(process.pid)?.startTime ?? '', bootId: bootId() };
}

function isAlive(holder: Holder | null): boolean {
  if (!holder || holder.bootId !== bootId()) return false;
  return readProcess(holder.pid)?.startTime === holder.startTime;
}
