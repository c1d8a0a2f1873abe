import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { writeDurably } from '../files.ts';
import type { Finished } from '../operations.ts';

/** A command that is over and acknowledged: it never runs again. `finished` is null where the server did not want its end. */
export interface Tombstone {
  readonly id: string;
  readonly at: number;
  readonly finished: Finished | null;
}

/** How much the journal remembers. */
export interface Memory {
  readonly count: number;
  readonly forMs: number;
}

const defaultMemory: Memory = { count: 10_000, forMs: 30 * 24 * 3_600_000 };

/** The ids that never run again, on disk before the spool forgets them; bounded in number and age. */
export class Journal {
  readonly #path: string;
  readonly #memory: Memory;
  #file: FileHandle | null = null;
  #ids = new Set<string>();
  #tail: Promise<void> = Promise.resolve();

  private constructor(path: string, memory: Memory) {
    this.#path = path;
    this.#memory = memory;
  }

  static async open(path: string, memory = defaultMemory): Promise<Journal> {
    const journal = new Journal(path, memory);
    await journal.#compact();
    return journal;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** How a command ended, or null where that is not known. */
  async find(id: string): Promise<Tombstone | null> {
    return (await readAll(this.#path)).findLast(stone => stone.id === id) ?? null;
  }

  /** Durable when the promise resolves. */
  bury(stone: Tombstone): Promise<void> {
    const done = this.#tail.then(() => this.#append(stone));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#file?.close();
  }

  async #append(stone: Tombstone): Promise<void> {
    if (this.has(stone.id)) return;
    await this.#file?.write(`${JSON.stringify(stone)}\n`);
    await this.#file?.datasync();
    this.#ids.add(stone.id);
    if (this.#ids.size >= 2 * this.#memory.count) await this.#compact();
  }

  async #compact(): Promise<void> {
    const since = Date.now() - this.#memory.forMs;
    const kept = (await readAll(this.#path)).filter(stone => stone.at > since).slice(-this.#memory.count);
    await this.#file?.close();
    await writeDurably(this.#path, kept.map(stone => `${JSON.stringify(stone)}\n`).join(''));
    this.#file = await open(this.#path, 'a', 0o600);
    this.#ids = new Set(kept.map(stone => stone.id));
  }
}

async function readAll(path: string): Promise<Tombstone[]> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  return text
    .split('\n')
    .map(parse)
    .filter(stone => stone !== null);
}

/** Neither the end of the file nor a line cut short by a power loss is a tombstone. */
function parse(line: string): Tombstone | null {
  try {
    return JSON.parse(line) as Tombstone;
  } catch {
    return null;
  }
}
