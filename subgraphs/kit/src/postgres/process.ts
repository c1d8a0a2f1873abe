import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What PostgreSQL wrote about itself into its data directory. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** Reads postmaster.pid; absent when no server runs or it has not written its facts yet. */
export function readPostmaster(data: string): Postmaster | undefined {
  try {
    const lines = readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n');
    const pid = Math.abs(Number(lines[0]));
    return pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether a process works: a zombie, which still answers signals, does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !['Z', 'X'].includes(readStat(pid)?.state ?? '');
}

/** A mark that tells a process from a later one with the same pid; empty where the system does not say. */
export function birthMark(pid: number): string {
  return readStat(pid)?.startedAt ?? '';
}

/** Tells whether a pid is the PostgreSQL of this data directory, and not a stranger that got its number. */
export function isPostmasterOf(pid: number, data: string): boolean {
  if (!isRunning(pid)) return false;
  try {
    if (process.platform === 'linux') {
      return readStat(pid)?.name === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    }
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(data);
  } catch {
    return false;
  }
}

/** Waits for a fact; false when it has not come true in time. */
export async function until(isTrue: () => boolean, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!isTrue()) {
    if (performance.now() > deadline) return false;
    await delay(15);
  }
  return true;
}

interface Stat {
  readonly name: string;
  readonly state: string;
  readonly startedAt: string;
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')'); // the name may itself hold parentheses and spaces
    const fields = text.slice(end + 2).split(' ');
    return { name: text.slice(text.indexOf('(') + 1, end), state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
