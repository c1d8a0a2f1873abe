import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';
import type { Log } from '../log.ts';
import { OperationError } from '../operation-error.ts';
import type { Acknowledgement, CommandReport } from '../operations.ts';
import type { Reporting } from './reporting.ts';

/** Sends a batch of reports; rejects with OperationError. */
export type SendReports = (reports: CommandReport[]) => Promise<Acknowledgement[]>;

export interface OutboxOptions {
  readonly send: SendReports;
  readonly isReady: () => boolean;
  readonly log: Log;
}

interface Slot {
  readonly reporting: Reporting;
  readonly backoff: Backoff;
  isInFlight: boolean;
  /** After a refused batch each of its commands goes alone, so that one bad report holds up no other. */
  isAlone: boolean;
  notBefore: number;
}

const batchBytes = 256 * 1024;
const fairShareBytes = 64 * 1024;
const batchCommands = 64;
const parallelBatches = 4;

/**
 * Reports every command until the server has committed it. It holds no output itself: a report is read from the spool when
 * it is sent, one at a time per command and four at a time in all.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #slots = new Map<string, Slot>();
  #timer: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Takes over the reporting of a command; a second one under the same id is ignored. */
  add(reporting: Reporting): void {
    if (this.#slots.has(reporting.id)) return;
    const backoff = new Backoff(1_000, 60_000);
    this.#slots.set(reporting.id, { reporting, backoff, isInFlight: false, isAlone: false, notBefore: 0 });
    this.wake();
  }

  /** Forgets earlier failures: after a reconnect everything is tried at once. */
  retryNow(): void {
    for (const slot of this.#slots.values()) slot.notBefore = 0;
    this.wake();
  }

  /** Looks again at what is due. */
  wake(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    const next = Math.min(...[...this.#slots.values()].map(dueAt));
    if (next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(0, next - performance.now());
    this.#timer = setTimeout(() => this.#flush(), Math.min(waitMs, 60_000));
  }

  /** Resolves when nothing is left to say for now, or after `withinMs`. */
  async settle(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    const isPending = (slot: Slot) => slot.isInFlight || dueAt(slot) <= until;
    while (performance.now() < until && this.#options.isReady() && [...this.#slots.values()].some(isPending)) {
      await sleep(20);
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #flush(): void {
    // Not ready: the next connection wakes the outbox.
    if (!this.#options.isReady()) return;
    while (this.#inFlight < parallelBatches) {
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      void this.#deliver(batch);
    }
    // With all batches under way, the first that returns wakes the outbox.
    if (this.#inFlight < parallelBatches) this.wake();
  }

  #nextBatch(): Slot[] {
    const now = performance.now();
    const due = [...this.#slots.values()].filter(slot => dueAt(slot) <= now);
    const first = due[0];
    if (!first) return [];
    return first.isAlone ? [first] : due.filter(slot => !slot.isAlone).slice(0, batchCommands);
  }

  async #deliver(candidates: Slot[]): Promise<void> {
    const { batch, reports } = this.#fill(candidates);
    this.#inFlight++;
    try {
      const acknowledged = await this.#options.send(reports);
      const answers = new Map(acknowledged.map(answer => [answer.commandId, answer]));
      await Promise.all(batch.map(slot => this.#settle(slot, answers.get(slot.reporting.id))));
    } catch (error) {
      this.#fail(batch, error);
    } finally {
      this.#inFlight--;
      for (const slot of batch) slot.isInFlight = false;
      this.wake();
    }
  }

  /** Takes what fits into one batch, a fair share of each; who was served goes to the end of the line. */
  #fill(candidates: Slot[]): { batch: Slot[]; reports: CommandReport[] } {
    const batch: Slot[] = [];
    const reports: CommandReport[] = [];
    const share = candidates.length > 1 ? fairShareBytes : batchBytes;
    let left = batchBytes;
    for (const slot of candidates) {
      if (left < fairShareBytes) break;
      const { report, bytes } = slot.reporting.report(Math.min(share, left));
      left -= bytes;
      slot.isInFlight = true;
      batch.push(slot);
      reports.push(report);
      this.#slots.delete(slot.reporting.id);
      this.#slots.set(slot.reporting.id, slot);
    }
    return { batch, reports };
  }

  async #settle(slot: Slot, answer: Acknowledgement | undefined): Promise<void> {
    if (!answer) return this.#delay(slot);
    try {
      if (await slot.reporting.acknowledge(answer)) this.#slots.delete(slot.reporting.id);
      slot.isAlone = false;
      slot.backoff.reset();
    } catch (error) {
      this.#delay(slot);
      this.#options.log.warn('a report made no progress', { commandId: slot.reporting.id, error: String(error) });
    }
  }

  #fail(batch: Slot[], error: unknown): void {
    const code = error instanceof OperationError ? error.code : 'INTERNAL';
    if (code === 'DISCONNECTED') return;
    this.#options.log.warn('a report was not accepted', { code, commands: batch.length, error: String(error) });
    for (const slot of batch) {
      if (batch.length === 1 || code === 'TIMEOUT') this.#delay(slot);
      slot.isAlone = code !== 'TIMEOUT';
    }
  }

  #delay(slot: Slot): void {
    slot.notBefore = performance.now() + 250 + slot.backoff.next();
  }
}

function dueAt(slot: Slot): number {
  return slot.isInFlight ? Number.POSITIVE_INFINITY : Math.max(slot.reporting.dueAt(), slot.notBefore);
}
