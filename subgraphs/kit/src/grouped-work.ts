import { AppError } from './errors.ts';

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
}

/** How calls are grouped. */
export interface GroupedWorkOptions<T, R> {
  /** Does the work of all items at once and answers one result for each, in their order. */
  readonly work: (items: readonly T[]) => Promise<readonly R[]>;
  /** Items that one run takes. */
  readonly maxBatch: number;
  /** Items that may wait for a run; one more is RATE_LIMITED. */
  readonly maxWaiting: number;
}

/**
 * Work that costs as much for a thousand items as for one: what is asked for in one turn of the event loop, or while
 * a run goes on, shares the next run. A call is answered after its run, never before, and in order of arrival.
 */
export class GroupedWork<T, R> {
  readonly #options: GroupedWorkOptions<T, R>;
  readonly #waiting: Waiting<T, R>[] = [];
  #draining: Promise<void> | undefined;

  constructor(options: GroupedWorkOptions<T, R>) {
    this.#options = options;
  }

  /** Resolves with the item's own result; rejects when its run failed as a whole. */
  do(item: T): Promise<R> {
    if (this.#waiting.length >= this.#options.maxWaiting)
      return Promise.reject(new AppError('RATE_LIMITED', 'Too many calls are waiting; send this one again later.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves once nothing waits and nothing runs. */
  async settle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // whatever else arrives in this turn belongs to the same run
    await new Promise(resolve => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#run(this.#waiting.splice(0, this.#options.maxBatch));
    this.#draining = undefined;
  }

  async #run(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.#options.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
