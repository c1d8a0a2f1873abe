import { readdirSync } from 'node:fs';
import { readText } from '../files.ts';

/** One living process as /proc shows it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Clock ticks since boot: with the pid it names a process for good, because pids are used again. */
  readonly startTime: string;
}

/** The living process with this pid, or null; one that ended but is not yet reaped counts as ended. */
export function readProcess(pid: number): ProcessFacts | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name, field 2, is in parentheses and may hold anything; field 3 follows the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? 'X';
  if (state === 'Z' || state === 'X') return null;
  return { pid, parent: Number(fields[1]), session: Number(fields[3]), startTime: fields[19] ?? '' };
}

/** All living processes. */
export function listProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => readProcess(Number(name)))
    .filter(facts => facts !== null);
}

/** Whether the process was started with this variable in its environment; false where that may not be read. */
export function hasEnvironment(pid: number, entry: string): boolean {
  return readText(`/proc/${pid}/environ`)?.split('\0').includes(entry) ?? false;
}
