import { AppError } from './errors.ts';

type Waiter<T> = { resolve: (result: IteratorResult<T, undefined>) => void; reject: (error: unknown) => void };

/** What happens to a reader who falls behind: it loses the oldest values, or it is ended with LIMIT_EXCEEDED. */
export type Overflow = 'drop-oldest' | 'fail';

/**
 * A bounded queue from pushing to pulling: at most `limit` values wait. Unlike an async generator its `return()` takes
 * effect at once, also on a quiet topic, so nothing leaks when a subscriber leaves.
 */
export class Channel<T> implements AsyncGenerator<T, undefined, undefined> {
  #values: T[] = [];
  #waiters: Waiter<T>[] = [];
  #drains: { readonly count: number; readonly resolve: () => void }[] = [];
  #isOver = false;
  #error: unknown;
  readonly #limit: number;
  readonly #overflow: Overflow;
  readonly #onEnd: () => void;

  constructor(options: { limit: number; overflow?: Overflow; onEnd?: () => void }) {
    this.#limit = options.limit;
    this.#overflow = options.overflow ?? 'fail';
    this.#onEnd = options.onEnd ?? (() => {});
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Number of values that nobody has taken yet. */
  get size(): number {
    return this.#values.length;
  }

  push(value: T): void {
    if (this.#isOver) return;
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.resolve({ value, done: false });
      return;
    }
    if (this.#values.length >= this.#limit) {
      if (this.#overflow === 'fail') {
        this.fail(
          new AppError(
            'LIMIT_EXCEEDED',
            'This subscription reads too slowly; subscribe again from the last sequence seen.',
          ),
        );
        return;
      }
      this.#values.shift();
    }
    this.#values.push(value);
  }

  /** Resolves when at most so many values wait, or the channel is over: a source that can pause asks before it goes on. */
  async drainedTo(count: number): Promise<void> {
    if (this.#isOver || this.#values.length <= count) return;
    await new Promise<void>(resolve => this.#drains.push({ count, resolve }));
  }

  /** No more values come; what waits is still delivered. */
  end(): void {
    this.#finish();
  }

  /** Ends with an error after what waits has been delivered. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#error = error;
    this.#finish();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#values.length > 0) {
      const value = this.#values.shift() as T;
      if (this.#drains.length > 0) this.#wake();
      return { value, done: false };
    }
    if (this.#isOver) return this.#lastResult();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#values = [];
    this.#error = undefined;
    this.#finish();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#finish();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const waiters = this.#waiters.splice(0);
    for (const waiter of waiters) this.#lastResult().then(waiter.resolve, waiter.reject);
    this.#wake();
    this.#onEnd();
  }

  #wake(): void {
    const isDrained = ({ count }: { count: number }): boolean => this.#isOver || this.#values.length <= count;
    const drained = this.#drains.filter(isDrained);
    this.#drains = this.#drains.filter(drain => !isDrained(drain));
    for (const { resolve } of drained) resolve();
  }

  async #lastResult(): Promise<IteratorResult<T, undefined>> {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { value: undefined, done: true };
  }
}
