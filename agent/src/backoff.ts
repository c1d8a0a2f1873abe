/** Full-jitter waiting times: random between 0 and min(limit, base · 2ⁿ), so that a fleet does not return at once. */
export class Backoff {
  readonly #baseMs: number;
  readonly #limitMs: number;
  #failures = 0;

  constructor(baseMs = 500, limitMs = 60_000) {
    this.#baseMs = baseMs;
    this.#limitMs = limitMs;
  }

  /** The wait before the next try. */
  next(): number {
    const ceiling = Math.min(this.#limitMs, this.#baseMs * 2 ** Math.min(this.#failures++, 16));
    return Math.round(Math.random() * ceiling);
  }

  /** Forgets the failures. */
  reset(): void {
    this.#failures = 0;
  }
}
