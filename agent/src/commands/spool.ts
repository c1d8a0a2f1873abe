import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, readText, syncFolder, writeDurably } from '../files.ts';
import type { Finished, OutputStream } from '../operations.ts';
import { isCommandId, type Job } from './envelope.ts';

/** Why the agent itself ends a command. */
export type Ending = 'timeout' | 'cancel' | 'stop' | 'overflow' | 'unwanted';

/** On disk before the command's first process exists: from then on it never starts again. */
export interface Started {
  readonly at: string;
  readonly bootId: string;
  /** Seconds since boot, which no clock adjustment moves. */
  readonly uptime: number;
}

/** The shim, named so that a later process with the same pid is not mistaken for it. */
export interface ShimProcess {
  readonly pid: number;
  readonly startTime: string;
}

/** Where a chunk's bytes lie; its text is read from there whenever it is sent. */
export interface ChunkRecord {
  readonly sequence: number;
  readonly stream: OutputStream;
  readonly offset: number;
  readonly length: number;
  readonly at: string;
}

const forbidden = 'none\n';

/** The folder of one command: everything that must outlive the agent. */
export class SpoolEntry {
  readonly id: string;
  readonly folder: string;

  constructor(root: string, id: string) {
    this.id = id;
    this.folder = join(root, id);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  readJob(): Job | null {
    return readJson(this.path('job.json'));
  }

  markStarted(started: Started): Promise<void> {
    return writeDurably(this.path('started'), JSON.stringify(started));
  }

  readStarted(): Started | null {
    return readJson(this.path('started'));
  }

  /** Null also while the shim is still writing. */
  readShim(): ShimProcess | null {
    const match = /^(\d+) (\d+)\n$/.exec(readText(this.path('pid')) ?? '');
    return match ? { pid: Number(match[1]), startTime: String(match[2]) } : null;
  }

  /** Makes sure that no shim starts any more; answers false when one has. */
  forbidShim(): boolean {
    try {
      writeFileSync(this.path('pid'), forbidden, { flag: 'wx', mode: 0o600 });
      return true;
    } catch {
      return readText(this.path('pid')) === forbidden;
    }
  }

  /** The status that the shell saw, or null while there is none. */
  readExit(): number | null {
    const match = /^(\d+)\n$/.exec(readText(this.path('exit')) ?? '');
    return match ? Number(match[1]) : null;
  }

  /** When the end was recorded, by this device's clock, or null. */
  exitedAt(): number | null {
    return statSync(this.path('exit'), { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** Whether the shim's shell named a signal that killed the command. */
  hasDeathNotice(): boolean {
    return (statSync(this.path('shim'), { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  markEnding(ending: Ending): Promise<void> {
    return writeDurably(this.path('ending'), JSON.stringify(ending));
  }

  /** Why the command was ended: by the agent, or by the shim while the agent was away. */
  readEnding(): Ending | null {
    if (existsSync(this.path('timeout'))) return 'timeout';
    if (existsSync(this.path('overflow'))) return 'overflow';
    return readJson(this.path('ending'));
  }

  /** All or nothing, also on a full disk. */
  appendChunks(records: readonly ChunkRecord[]): void {
    const path = this.path('chunks');
    const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    try {
      appendFileSync(path, records.map(record => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
    } catch (error) {
      if (existsSync(path)) truncateSync(path, before);
      throw error;
    }
  }

  /** The chunks recorded so far; a line cut short by a kill was never sent and is dropped for good. */
  readChunks(): ChunkRecord[] {
    const text = readText(this.path('chunks')) ?? '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) writeFileSync(this.path('chunks'), whole, { mode: 0o600 });
    return whole
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as ChunkRecord);
  }

  writeFinished(finished: Finished): Promise<void> {
    return writeDurably(this.path('finished.json'), JSON.stringify(finished));
  }

  readFinished(): Finished | null {
    return readJson(this.path('finished.json'));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** All commands that this device has taken and not yet fully reported. */
export class Spool {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true, mode: 0o700 });
  }

  /** Journals a job; when the promise resolves it survives a power cut. */
  async create(job: Job): Promise<SpoolEntry> {
    const entry = new SpoolEntry(this.#root, job.commandId);
    await mkdir(entry.folder, { recursive: true, mode: 0o700 });
    await writeDurably(entry.path('job.json'), JSON.stringify(job));
    await syncFolder(this.#root);
    return entry;
  }

  /** The entries left by an earlier agent; one without a job was never taken and is removed. */
  list(): SpoolEntry[] {
    const entries = readdirSync(this.#root)
      .filter(isCommandId)
      .map(id => new SpoolEntry(this.#root, id));
    const [taken, torn] = [entries.filter(entry => entry.readJob()), entries.filter(entry => !entry.readJob())];
    for (const entry of torn) rmSync(entry.folder, { recursive: true, force: true });
    return taken;
  }
}
