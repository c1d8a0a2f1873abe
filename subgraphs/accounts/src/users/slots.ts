import { AppError } from '@muster/kit/errors';

/** Lets a few pieces of heavy work run at once and some wait; refuses the rest with RATE_LIMITED. */
export class Slots {
  readonly #limits: { readonly running: number; readonly waiting: number };
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { readonly running: number; readonly waiting: number }) {
    this.#limits = limits;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#limits.running) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#limits.waiting)
      throw new AppError('RATE_LIMITED', 'Too many people sign in at this moment. Try again in a few seconds.');
    await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  /** Hands the slot to who waits longest, so that nobody overtakes. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
