import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const largest = 8 * 1024 * 1024;

/** Opens a log for appending, after putting a large one aside: two files of bounded size are kept. */
export function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largest) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** Size of an open log, to read later only what was added. */
export function sizeOf(log: number): number {
  return fstatSync(log).size;
}

/** What was appended to a log since it had a size, its last 4 KiB at most. */
export function readSince(file: string, offset: number): string {
  const log = openSync(file, 'r');
  try {
    const end = fstatSync(log).size;
    const start = Math.max(offset, end - 4096);
    const buffer = Buffer.alloc(Math.max(0, end - start));
    return buffer.toString('utf8', 0, readSync(log, buffer, 0, buffer.length, start)).trim();
  } finally {
    closeSync(log);
  }
}
