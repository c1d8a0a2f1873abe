import { readdirSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText } from '../files.ts';
import { collectBootedAt } from './booted-at.ts';
import { kernelUnits } from './kernel-units.ts';

/** One entry of section PROCESSES. */
export interface ProcessEntry {
  pid: number;
  name: string;
  user: string | null;
  /** Of one processor over the second before: two busy ones are 200. */
  cpuPercent: number;
  memoryBytes: number;
  command: string | null;
  startedAt: string | null;
}

/** Section PROCESSES. */
export interface ProcessSnapshot {
  at: string;
  processes: ProcessEntry[];
}

export interface SnapshotOptions {
  readonly root?: string;
  /** Over which processor time is measured. */
  readonly intervalMs?: number;
  readonly count?: number;
}

const maxCommand = 1_024;

/** The processes that use most of the processor, then of the memory, measured over a second. */
export async function collectProcesses(options: SnapshotOptions = {}): Promise<ProcessSnapshot> {
  const { root = '', intervalMs = 1_000, count = 200 } = options;
  const before = new Map(readAll(root).map(stat => [toKey(stat), stat.ticks]));
  const began = performance.now();
  await sleep(intervalMs);
  const after = readAll(root);
  const { ticksPerSecond, pageBytes } = kernelUnits(root);
  const ticks = ((performance.now() - began) / 1_000) * ticksPerSecond;
  const measured = after.map(stat => ({
    stat,
    cpuPercent: toPercent(stat.ticks - (before.get(toKey(stat)) ?? 0), ticks),
    memoryBytes: stat.pages * pageBytes,
  }));
  measured.sort((one, other) => other.cpuPercent - one.cpuPercent || other.memoryBytes - one.memoryBytes);
  const describe = describer(root, ticksPerSecond);
  return {
    at: new Date().toISOString(),
    processes: measured
      .slice(0, count)
      .map(({ stat, cpuPercent, memoryBytes }) => ({ ...describe(stat), cpuPercent, memoryBytes })),
  };
}

interface Stat {
  pid: number;
  name: string;
  /** Processor time since it began. */
  ticks: number;
  /** In ticks since boot: with the pid it names a process for good. */
  startTicks: number;
  pages: number;
}

function readAll(root: string): Stat[] {
  return readdirSync(`${root}/proc`)
    .filter(name => /^\d+$/.test(name))
    .map(name => toStat(Number(name), readText(`${root}/proc/${name}/stat`) ?? ''))
    .filter(stat => stat !== null);
}

/** `pid (name) state …`: the name may hold anything, blanks and parentheses too. */
function toStat(pid: number, text: string): Stat | null {
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  if (end < 0 || fields.length < 22) return null;
  const number = (index: number) => Number(fields[index]);
  return {
    pid,
    // A process may call itself nothing at all.
    name: text.slice(text.indexOf('(') + 1, end) || '?',
    ticks: number(11) + number(12),
    startTicks: number(19),
    pages: Math.max(0, number(21)),
  };
}

function toKey({ pid, startTicks }: Stat): string {
  return `${pid} ${startTicks}`;
}

function toPercent(ticks: number, of: number): number {
  return of > 0 ? Math.max(0, Math.round((ticks / of) * 1_000) / 10) : 0;
}

/** The costlier facts, read only of those that are shown. */
function describer(root: string, ticksPerSecond: number) {
  const users = new Map(
    (readText(`${root}/etc/passwd`) ?? '').split('\n').map(line => {
      const [name = '', , uid = ''] = line.split(':');
      return [uid, name] as const;
    }),
  );
  const bootedAt = Date.parse(collectBootedAt(root) ?? '');
  return ({ pid, name, startTicks }: Stat) => {
    const owner = statSync(`${root}/proc/${pid}`, { throwIfNoEntry: false })?.uid;
    const startedAt = new Date(bootedAt + (startTicks / ticksPerSecond) * 1_000);
    return {
      pid,
      name,
      user: owner === undefined ? null : (users.get(String(owner)) ?? String(owner)),
      command: commandOf(root, pid),
      startedAt: Number.isNaN(startedAt.getTime()) ? null : startedAt.toISOString(),
    };
  };
}

function commandOf(root: string, pid: number): string | null {
  const line = readText(`${root}/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
  return line ? line.slice(0, maxCommand) : null;
}
