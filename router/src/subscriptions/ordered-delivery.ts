/** Runs jobs side by side, a bounded number at once, and hands over their results in the order they were given. */
export class OrderedDelivery<T> {
  readonly #limit: number;
  readonly #deliver: (result: T) => void;
  #tail: Promise<void> = Promise.resolve();
  #running = 0;
  #wake: (() => void) | undefined;

  constructor(options: { limit: number; deliver: (result: T) => void }) {
    this.#limit = options.limit;
    this.#deliver = options.deliver;
  }

  /** Starts a job, which must not reject; resolves as soon as there is room for another. */
  async add(job: Promise<T>): Promise<void> {
    this.#running += 1;
    this.#tail = this.#tail.then(async () => {
      this.#deliver(await job);
      this.#running -= 1;
      this.#wake?.();
    });
    if (this.#running < this.#limit) return;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  /** Resolves when everything that was started is handed over. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}
