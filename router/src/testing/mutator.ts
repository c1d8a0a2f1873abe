/** A source of chance that gives the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NASTY = [
  '\u0000',
  '\ud800',
  '{',
  '}',
  '((',
  '"',
  '"""',
  '...',
  '@include(if: true)',
  '__typename',
  '$x',
  '#',
  '\\u0000',
  '🦊',
  '1e999',
  '-0',
  'null',
  'x'.repeat(500),
  '[[[[',
  'fragment f on Query{...f}',
  ' subscription ',
  "'; drop table device; --",
];
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  [],
  {},
  [[]],
  { a: { b: [] } },
  '\u0000',
  2 ** 53,
  '__proto__',
];

/** Makes wrong things of right ones: bytes, pieces of text and values of JSON are changed, moved, doubled and lost. */
export class Mutator {
  readonly #chance: () => number;

  constructor(seed: number) {
    this.#chance = seeded(seed);
  }

  below(count: number): number {
    return Math.floor(this.#chance() * count);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A text with one to four changes. */
  text(source: string): string {
    let text = source;
    for (let change = 0; change <= this.below(4); change += 1) text = this.#changed(text);
    return text;
  }

  /** A JSON value with one to three changes somewhere inside. */
  json(value: unknown): unknown {
    const copy = structuredClone(value);
    for (let change = 0; change <= this.below(3); change += 1) this.#changeInside(copy);
    return copy;
  }

  /** The bytes of a text of which some are no text any more. */
  bytes(source: string): Buffer {
    const bytes = Buffer.from(source);
    for (let change = 0; change <= this.below(6); change += 1)
      if (bytes.length > 0) bytes[this.below(bytes.length)] = this.below(256);
    return bytes;
  }

  #changed(text: string): string {
    const at = this.below(text.length + 1);
    const to = Math.min(text.length, at + this.below(20));
    const [head, part, tail] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
    const ways = [head + tail, head + part + part + tail, head + this.pick(NASTY) + tail, tail + part + head, head];
    return this.pick(ways);
  }

  #changeInside(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    const holder = value as Record<string, unknown>;
    const key = this.pick(Object.keys(holder));
    if (key === undefined) return;
    const inner = holder[key];
    if (typeof inner === 'object' && this.below(3) > 0) {
      this.#changeInside(inner);
      return;
    }
    const way = this.below(4);
    if (way === 0) delete holder[key];
    else if (way === 1 && typeof inner === 'string') holder[key] = this.text(inner);
    else if (way === 2) holder[this.text(key)] = inner;
    else holder[key] = this.pick(VALUES);
  }
}
