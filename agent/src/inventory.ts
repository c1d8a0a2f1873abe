import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { collectBootedAt } from './collectors/booted-at.ts';
import { collectors as allCollectors, type Collector } from './collectors/collectors.ts';
import { readJson, writeDurably } from './files.ts';
import { type Log, messageOf } from './log.ts';
import { isNotUnderstood, OperationError } from './operation-error.ts';
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
  /** How long after the start heavy sections are left alone; at random, because machines start together. */
  readonly heavyAfterMs?: number;
  /** Called after a round in which long lists were read. */
  readonly onLongRound?: () => void;
}

/** What the server has, as far as it acknowledged. */
interface Memory {
  hashes: Partial<Record<SectionName, string>>;
  /** As they were when the section was last sent or found unchanged. */
  stamps: Partial<Record<SectionName, string>>;
  /** When everything was sent last. */
  completeAt: number;
}

/** How much a round looks at: what may have changed, everything once a day, or everything because somebody asked. */
type Wish = 'nothing' | 'changes' | 'everything';

const dayMs = 24 * 3_600_000;

/** Tells the server what changed about this device: every five minutes the changed sections, once a day everything. */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  readonly #heavyFrom: number;
  /** Sections that this server, on this connection, does not take. */
  readonly #refused = new Set<SectionName>();
  #memory: Memory;
  #isBusy = false;
  #wish: Wish = 'nothing';

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#path = join(options.dataDir, 'inventory.json');
    const memory: Memory = { hashes: {}, stamps: {}, completeAt: 0, ...readJson<Partial<Memory>>(this.#path) };
    // Lists are read again at each start, whatever their stamps say; only what is heavy waits for a change.
    const heavy = this.#collectors.filter(({ isHeavy }) => isHeavy).map(({ section }) => section);
    const stamps = Object.fromEntries(heavy.map(section => [section, memory.stamps[section] ?? '']));
    this.#memory = { ...memory, stamps };
    this.#heavyFrom = performance.now() + (options.heavyAfterMs ?? (1 + 4 * Math.random()) * 60_000);
    this.#timer = setInterval(() => this.report(), options.everyMs ?? 5 * 60_000);
  }

  /** A new connection, maybe to a newer server: what an earlier one refused is offered again. */
  connected(): void {
    this.#refused.clear();
    this.report();
  }

  /** Sends what changed since the server last acknowledged. */
  report(): void {
    if (this.#wish === 'nothing') this.#wish = 'changes';
    void this.#work();
  }

  /** Sends everything. */
  refresh(): void {
    this.#wish = 'everything';
    void this.#work();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  get #collectors(): readonly Collector[] {
    return this.#options.collectors ?? allCollectors;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#wish !== 'nothing' && this.#options.isReady()) {
      const isAsked = this.#wish === 'everything';
      const isComplete = isAsked || Date.now() - this.#memory.completeAt > dayMs;
      this.#wish = 'nothing';
      await this.#round(isComplete, isAsked).catch(error => this.#postpone(isComplete, error));
    }
    this.#isBusy = false;
  }

  /** Not sent: tried again at the next reconnect or in five minutes. */
  #postpone(isComplete: boolean, error: unknown): void {
    if (isComplete) this.#memory.completeAt = 0;
    if (error instanceof OperationError && error.code === 'DISCONNECTED') return;
    this.#options.log.warn('could not report the inventory', { error: messageOf(error) });
  }

  async #round(isComplete: boolean, isAsked: boolean): Promise<void> {
    const due = this.#collectors.filter(collector => this.#isDue(collector, isComplete, isAsked));
    const together: InventorySection[] = [];
    for (const collector of due.filter(({ isAlone }) => !isAlone)) {
      const section = await this.#collect(collector, isComplete);
      if (section) together.push(section);
    }
    let hasNews = (await this.#send(together)) || isComplete;
    for (const collector of due.filter(({ isAlone }) => isAlone)) {
      if (await this.#reportAlone(collector, isComplete)) hasNews = true;
    }
    if (isComplete) this.#memory.completeAt = Date.now();
    if (hasNews) await writeDurably(this.#path, JSON.stringify(this.#memory));
    if (due.some(({ stamp }) => stamp)) this.#options.onLongRound?.();
  }

  #isDue({ section, stamp, isHeavy }: Collector, isComplete: boolean, isAsked: boolean): boolean {
    if (this.#refused.has(section)) return false;
    if (isHeavy && !isAsked && performance.now() < this.#heavyFrom) {
      // The day's complete round must not pass it over: it is due as soon as it may.
      if (isComplete) this.#memory.stamps[section] = '';
      return false;
    }
    return isComplete || !stamp || stamp() !== this.#memory.stamps[section];
  }

  /** Answers whether there is something to remember. */
  async #reportAlone(collector: Collector, isComplete: boolean): Promise<boolean> {
    const stamp = collector.stamp?.();
    const section = await this.#collect(collector, isComplete);
    const wasSent = section !== null && (await this.#offer(section));
    if (stamp === undefined) return wasSent && !collector.isVolatile;
    const isNew = stamp !== this.#memory.stamps[collector.section];
    this.#memory.stamps[collector.section] = stamp;
    return wasSent || isNew;
  }

  /** A section that the server does not understand is no mistake of either: it is not offered again on this connection. */
  async #offer(section: InventorySection): Promise<boolean> {
    try {
      return await this.#send([section]);
    } catch (error) {
      if (!isNotUnderstood(error)) throw error;
      this.#refused.add(section.section);
      this.#options.log.info('the server does not take a section', { section: section.section });
      return false;
    }
  }

  /** The section, or null where it is as the server has it, or not to be had. */
  async #collect({ section, collect }: Collector, isComplete: boolean): Promise<InventorySection | null> {
    try {
      const data = JSON.stringify(await collect());
      const hash = createHash('sha256').update(data).digest('hex');
      return isComplete || hash !== this.#memory.hashes[section] ? { section, data, hash } : null;
    } catch (error) {
      this.#options.log.warn('could not collect a section', { section, error: messageOf(error) });
      return null;
    }
  }

  async #send(sections: InventorySection[]): Promise<boolean> {
    if (sections.length === 0) return false;
    const accepted = await this.#options.send({ sections, bootedAt: collectBootedAt(), agentVersion });
    for (const { section, hash } of sections) if (accepted.includes(section)) this.#memory.hashes[section] = hash;
    return true;
  }
}
