import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { collectBootedAt } from './collectors/booted-at.ts';
import { collectors as allCollectors, type Collector } from './collectors/collectors.ts';
import { softwareStamp } from './collectors/software.ts';
import { readJson, writeDurably } from './files.ts';
import { type Log, messageOf } from './log.ts';
import { OperationError } from './operation-error.ts';
import type { InventorySection, SectionName } from './operations.ts';
import { agentVersion } from './version.ts';

/** Sends sections and answers which of them the server has committed. */
export type SendInventory = (report: {
  sections: InventorySection[];
  bootedAt: string | null;
  agentVersion: string;
}) => Promise<SectionName[]>;

export interface InventoryOptions {
  readonly dataDir: string;
  readonly send: SendInventory;
  readonly isReady: () => boolean;
  readonly log: Log;
  readonly collectors?: readonly Collector[];
  readonly everyMs?: number;
}

/** What the server has, as far as it acknowledged. */
interface Memory {
  hashes: Partial<Record<SectionName, string>>;
  /** When everything was sent last. */
  completeAt: number;
  softwareStamp: string;
}

const dayMs = 24 * 3_600_000;

/** Tells the server what changed about this device: every five minutes the changed sections, once a day everything. */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #memory: Memory;
  #isBusy = false;
  #wanted: 'nothing' | 'changes' | 'everything' = 'nothing';

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#path = join(options.dataDir, 'inventory.json');
    this.#memory = readJson(this.#path) ?? { hashes: {}, completeAt: 0, softwareStamp: '' };
    // The package list is read again at each start, whatever its date says.
    this.#memory.softwareStamp = '';
    this.#timer = setInterval(() => this.report(), options.everyMs ?? 5 * 60_000);
  }

  /** Sends what changed since the server last acknowledged. */
  report(): void {
    if (this.#wanted === 'nothing') this.#wanted = 'changes';
    void this.#work();
  }

  /** Sends everything. */
  refresh(): void {
    this.#wanted = 'everything';
    void this.#work();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#wanted !== 'nothing' && this.#options.isReady()) {
      const isComplete = this.#wanted === 'everything' || Date.now() - this.#memory.completeAt > dayMs;
      this.#wanted = 'nothing';
      await this.#round(isComplete).catch(error => this.#postpone(isComplete, error));
    }
    this.#isBusy = false;
  }

  /** Not sent: tried again at the next reconnect or in five minutes. */
  #postpone(isComplete: boolean, error: unknown): void {
    if (isComplete) this.#memory.completeAt = 0;
    if (error instanceof OperationError && error.code === 'DISCONNECTED') return;
    this.#options.log.warn('could not report the inventory', { error: messageOf(error) });
  }

  async #round(isComplete: boolean): Promise<void> {
    const stamp = softwareStamp();
    const collectors = (this.#options.collectors ?? allCollectors).filter(
      ({ section }) => isComplete || section !== 'SOFTWARE' || stamp !== this.#memory.softwareStamp,
    );
    const sections: InventorySection[] = [];
    for (const collector of collectors) {
      const section = await this.#collect(collector);
      if (section && (isComplete || section.hash !== this.#memory.hashes[section.section])) sections.push(section);
    }
    // The long list of packages goes alone, so that the rest is not held up by it.
    await this.#send(sections.filter(({ section }) => section !== 'SOFTWARE'));
    await this.#send(sections.filter(({ section }) => section === 'SOFTWARE'));
    this.#memory.softwareStamp = stamp;
    if (isComplete) this.#memory.completeAt = Date.now();
    if (sections.length > 0) await writeDurably(this.#path, JSON.stringify(this.#memory));
  }

  async #collect({ section, collect }: Collector): Promise<InventorySection | null> {
    try {
      const data = JSON.stringify(await collect());
      return { section, data, hash: createHash('sha256').update(data).digest('hex') };
    } catch (error) {
      this.#options.log.warn('could not collect a section', { section, error: messageOf(error) });
      return null;
    }
  }

  async #send(sections: InventorySection[]): Promise<void> {
    if (sections.length === 0) return;
    const accepted = await this.#options.send({ sections, bootedAt: collectBootedAt(), agentVersion });
    for (const { section, hash } of sections) if (accepted.includes(section)) this.#memory.hashes[section] = hash;
  }
}
