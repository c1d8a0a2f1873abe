import { AppError } from '@muster/kit/errors';

/** How many failures are too many, and for how long. */
export interface ThrottleLimits {
  readonly failures: number;
  readonly pauseMs: number;
  /** Failures further apart than this do not add up. */
  readonly forgetMs: number;
  /** Most keys remembered; the oldest are forgotten first. */
  readonly keys: number;
}

interface Entry {
  failures: number;
  pending: number;
  blockedUntil: number;
  touchedAt: number;
}

/** Ends one attempt; each attempt is ended exactly once. */
export interface Attempt {
  fail(): void;
  /** Ends without counting: it succeeded, or could not be decided. */
  release(): void;
}

const DEFAULTS: ThrottleLimits = { failures: 10, pauseMs: 60_000, forgetMs: 15 * 60_000, keys: 20_000 };

/** For what strangers may ask of others: five times, then a quarter of an hour of rest. */
export const requestLimits: ThrottleLimits = {
  failures: 5,
  pauseMs: 15 * 60_000,
  forgetMs: 60 * 60_000,
  keys: 20_000,
};

/** Slows guessing down: after some failures for a key it refuses every attempt for a while. Kept in this process only. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #now: () => Date;
  readonly #entries = new Map<string, Entry>();

  constructor(now: () => Date, limits: ThrottleLimits = DEFAULTS) {
    this.#now = now;
    this.#limits = limits;
  }

  /** Admits an attempt, or throws RATE_LIMITED; attempts under way count, so that a burst does not slip through. */
  begin(keys: readonly string[]): Attempt {
    const now = this.#now().getTime();
    const entries = keys.map(key => this.#entryOf(key, now));
    for (const entry of entries) this.#refuseIfBlocked(entry, now);
    for (const entry of entries) entry.pending++;
    return {
      fail: () => {
        for (const entry of entries) this.#countFailure(entry);
      },
      release: () => {
        for (const entry of entries) entry.pending--;
      },
    };
  }

  /** Forgets the failures of a key, as when its owner has signed in. */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.failures = 0;
  }

  #refuseIfBlocked(entry: Entry, now: number): void {
    const seconds = Math.ceil((entry.blockedUntil - now) / 1000);
    if (seconds > 0) throw new AppError('RATE_LIMITED', `Too many failed attempts. Try again in ${seconds} seconds.`);
    if (entry.failures + entry.pending >= this.#limits.failures)
      throw new AppError('RATE_LIMITED', 'Too many attempts at once. Try again in a few seconds.');
  }

  #countFailure(entry: Entry): void {
    const now = this.#now().getTime();
    entry.pending--;
    entry.failures++;
    entry.touchedAt = now;
    if (entry.failures < this.#limits.failures) return;
    entry.failures = 0;
    entry.blockedUntil = now + this.#limits.pauseMs;
  }

  #entryOf(key: string, now: number): Entry {
    const known = this.#entries.get(key);
    if (known) {
      if (now - known.touchedAt > this.#limits.forgetMs) known.failures = 0;
      // to the young end of the map
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const entry: Entry = { failures: 0, pending: 0, blockedUntil: 0, touchedAt: now };
    this.#entries.set(key, entry);
    this.#evict();
    return entry;
  }

  #evict(): void {
    if (this.#entries.size <= this.#limits.keys) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
