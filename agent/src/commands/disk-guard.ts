import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { SpoolEntry } from './spool.ts';

const mebibyte = 1024 * 1024;

/** The shim has the same numbers for the time when no agent is there. */
const thinAbove = 64 * mebibyte;
const overflowAbove = 1024 * mebibyte;
const keptHead = mebibyte;
const keptTail = 2 * mebibyte;

/**
 * Gives the middle of a long output back to the disk while the command goes on writing: only its head and its tail are ever
 * read. `isOverflowing` turns true when a file system cannot do that and too much has gathered.
 */
export class DiskGuard {
  readonly #entry: SpoolEntry;
  #isBusy = false;
  #isOverflowing = false;

  constructor(entry: SpoolEntry) {
    this.#entry = entry;
  }

  get isOverflowing(): boolean {
    return this.#isOverflowing;
  }

  check(): void {
    if (this.#isBusy) return;
    for (const name of ['stdout', 'stderr']) {
      const stat = statSync(this.#entry.path(name), { throwIfNoEntry: false });
      const onDisk = (stat?.blocks ?? 0) * 512;
      if (!stat || onDisk <= thinAbove) continue;
      this.#thin(this.#entry.path(name), stat.size, onDisk);
      break;
    }
  }

  #thin(path: string, size: number, onDisk: number): void {
    this.#isBusy = true;
    const length = size - keptHead - keptTail;
    const child = spawn('fallocate', ['-p', '-o', String(keptHead), '-l', String(length), path], { stdio: 'ignore' });
    const done = (isThinned: boolean) => {
      this.#isBusy = false;
      if (!isThinned && onDisk > overflowAbove) this.#isOverflowing = true;
    };
    child.once('error', () => done(false));
    child.once('exit', code => done(code === 0));
  }
}
