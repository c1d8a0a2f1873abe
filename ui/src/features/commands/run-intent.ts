/** Gives each thing that a person wants done its own key: the same while the same is retried, another once it was done or is something else. */
export class RunIntent {
  #key: string;
  #subject: string | undefined;
  readonly #makeKey: () => string;

  constructor(makeKey: () => string = randomKey) {
    this.#makeKey = makeKey;
    this.#key = makeKey();
  }

  /** The key for doing this; a retry after a lost answer gets the same one. */
  keyFor(subject: unknown): string {
    const text = JSON.stringify(subject);
    if (this.#subject !== undefined && this.#subject !== text) this.#key = this.#makeKey();
    this.#subject = text;
    return this.#key;
  }

  /** It was done: the next time is a new intent, even if it is the same again. */
  settle(): void {
    this.#key = this.#makeKey();
    this.#subject = undefined;
  }
}

// crypto.randomUUID exists only under TLS and on localhost; a first look at Muster may be neither.
function randomKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
