import type { CommandRow } from './commands.ts';

type Times = Pick<CommandRow, 'startedAt' | 'finishedAt'>;

/** How long a command ran, or has run until now; undefined for one that has not started. */
export function commandDuration({ startedAt, finishedAt }: Times, now: () => number): number | undefined {
  if (!startedAt) return undefined;
  return Math.max(0, (finishedAt ? Date.parse(finishedAt) : now()) - Date.parse(startedAt));
}

/** The line of a script that says most in a list: the first that is neither empty, nor a comment, nor a setting of the shell. */
export function scriptTitle(script: string): string {
  const lines = script.split('\n').map(line => line.trim());
  const telling = lines.find(
    line => line && !line.startsWith('#') && !/^(set -|import |from |'use strict')/.test(line),
  );
  return telling ?? lines.find(Boolean) ?? '(empty script)';
}

/** The newest first; changed rows replace what was read, and those that were not there are added. */
export function mergeCommands(
  read: readonly CommandRow[],
  changed: ReadonlyMap<string, CommandRow>,
): readonly CommandRow[] {
  const known = new Set(read.map(({ id }) => id));
  const added = [...changed.values()].filter(({ id }) => !known.has(id));
  const rows = [...added, ...read.map(row => changed.get(row.id) ?? row)];
  return rows.toSorted((first, second) => Date.parse(second.queuedAt) - Date.parse(first.queuedAt));
}
