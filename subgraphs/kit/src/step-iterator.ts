/**
 * Events that are pulled one by one: `step` answers the next or undefined at the end. Unlike an async generator its
 * `return()` takes effect at once, so `onReturn` must end whatever `step` waits for.
 */
export class StepIterator<T> implements AsyncGenerator<T, undefined, undefined> {
  readonly #step: () => Promise<T | undefined>;
  readonly #onReturn: () => void;
  #isOver = false;

  constructor(options: { step: () => Promise<T | undefined>; onReturn: () => void }) {
    this.#step = options.step;
    this.#onReturn = options.onReturn;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return { value: undefined, done: true };
    try {
      const value = await this.#step();
      if (value !== undefined && !this.#isOver) return { value, done: false };
    } catch (error) {
      this.#finish();
      throw error;
    }
    this.#finish();
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
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
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onReturn();
  }
}
