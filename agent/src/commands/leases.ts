import type { Log } from '../log.ts';
import { OperationError } from '../operation-error.ts';
import type { LeasedCommand } from '../operations.ts';
import type { Runner } from './runner.ts';

export interface LeasesOptions {
  readonly lease: (max: number) => Promise<LeasedCommand[]>;
  readonly isReady: () => boolean;
  readonly runner: Pick<Runner, 'free' | 'accept'>;
  readonly log: Log;
  readonly everyMs?: number;
}

/** Fetches waiting commands, never more than can run: when the server says so, every minute, and after a full round. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #timer: NodeJS.Timeout;
  #isFetching = false;
  /** Something may wait: asked for as soon as a slot is free. */
  #isWanted = false;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.fetch(), options.everyMs ?? 60_000);
  }

  /** Something may wait at the server. */
  fetch(): void {
    this.#isWanted = true;
    this.fetchIfWanted();
  }

  /** A slot came free: asks only when the last answer left something behind. */
  fetchIfWanted(): void {
    const { isReady, runner } = this.#options;
    if (!this.#isWanted || this.#isFetching || !isReady() || runner.free === 0) return;
    void this.#round();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#isWanted = false;
  }

  /** One that cannot be journaled (a full disk) is not taken: its lease runs out and it comes again. */
  async #accept(command: LeasedCommand): Promise<void> {
    try {
      await this.#options.runner.accept(command);
    } catch (error) {
      this.#options.log.error('could not take a command', { commandId: command.id, error: String(error) });
    }
  }

  async #round(): Promise<void> {
    const { lease, runner, log } = this.#options;
    const max = runner.free;
    this.#isFetching = true;
    this.#isWanted = false;
    try {
      const leased = await lease(max);
      this.#isWanted ||= leased.length >= max;
      for (const command of leased) await this.#accept(command);
    } catch (error) {
      const code = error instanceof OperationError ? error.code : 'INTERNAL';
      // Asked for again after the reconnect, or within the minute.
      if (code !== 'DISCONNECTED') log.warn('could not fetch commands', { code, error: String(error) });
    } finally {
      this.#isFetching = false;
      this.fetchIfWanted();
    }
  }
}
