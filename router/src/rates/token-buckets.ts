/** How much may come at once, and how much per second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What token buckets are made with. */
export interface TokenBucketsOptions extends Rate {
  /** Buckets that are remembered; who has not come for longest is forgotten first. */
  readonly maxKeys?: number;
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MAX_KEYS = 20_000;

/** A token bucket per key, in bounded memory: a forgotten key starts with a full bucket again. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #maxKeys: number;
  readonly #now: () => number;
  /** In the order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ burst, perSecond, maxKeys = MAX_KEYS, now = () => performance.now() }: TokenBucketsOptions) {
    this.#rate = { burst, perSecond };
    this.#maxKeys = maxKeys;
    this.#now = now;
  }

  /** Number of keys that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes so many tokens, or none and answers after how many whole seconds there are enough; 0 where they were taken. */
  take(key: string, count = 1): number {
    const { burst, perSecond } = this.#rate;
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    this.#remember(key, bucket);
    const missing = count - bucket.tokens;
    if (missing > 0) return Math.max(1, Math.ceil(missing / perSecond));
    bucket.tokens -= count;
    return 0;
  }

  #remember(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    if (this.#buckets.size >= this.#maxKeys) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    this.#buckets.set(key, bucket);
  }
}
