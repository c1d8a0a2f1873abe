import { createSubscriber } from 'svelte/reactivity';

interface Stored {
  readonly id: string;
}

interface StoreOptions<Row> {
  /** Negative where the first row comes before the second, in the order the person asked for. */
  compare(first: Row, second: Row): number;
  /** False for rows that the present filter leaves out. */
  matches(row: Row): boolean;
  /** Calls back once, soon: a frame in a browser. */
  schedule?(flush: () => void): void;
}

/** A page as the server sends it. */
export interface StorePage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly hasMore: boolean;
}

const nextFrame = (flush: () => void) => {
  requestAnimationFrame(flush);
};

/** Rows under live change: any number of changes costs the page one update per frame; the order never changes under the reader's eyes. */
export class DeviceStore<Row extends Stored> {
  readonly #options: StoreOptions<Row>;
  readonly #subscribe: () => void;
  #update: () => void = () => {};
  #isScheduled = false;
  #byId = new Map<string, Row>();
  #order: readonly string[] = [];
  #rows: readonly Row[] | undefined = [];
  #total = 0;
  #hasMore = false;

  constructor(options: StoreOptions<Row>) {
    this.#options = options;
    this.#subscribe = createSubscriber(update => {
      this.#update = update;
    });
  }

  /** The loaded rows in order; a new array after a change, built when it is read. */
  get rows(): readonly Row[] {
    this.#subscribe();
    this.#rows ??= this.#order.flatMap(id => this.#byId.get(id) ?? []);
    return this.#rows;
  }

  /** How many rows the filter lets through, loaded or not. */
  get total(): number {
    this.#subscribe();
    return this.#total;
  }

  /** True while the server has rows after the last loaded one. */
  get hasMore(): boolean {
    this.#subscribe();
    return this.#hasMore;
  }

  /** Starts over with the rows from the first on. */
  replace(page: StorePage<Row>): void {
    this.#byId = new Map(page.rows.map(row => [row.id, row]));
    this.#order = [...this.#byId.keys()];
    this.#take(page);
  }

  /** Adds the next page; a row that came live before it is not doubled. */
  append(page: StorePage<Row>): void {
    const added = page.rows.filter(row => !this.#byId.has(row.id));
    for (const row of page.rows) this.#byId.set(row.id, row);
    this.#order = [...this.#order, ...added.map(row => row.id)];
    this.#take(page);
  }

  /** True when the row is loaded. */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Takes a changed row: in place where it is known, in order where it is new, out where it no longer matches. */
  apply(row: Row): 'changed' | 'added' | 'removed' | 'ignored' {
    const isKnown = this.#byId.has(row.id);
    if (!this.#options.matches(row)) return isKnown ? this.remove(row.id) : 'ignored';
    if (!isKnown) return this.#add(row);
    this.#byId.set(row.id, row);
    this.#changed();
    return 'changed';
  }

  /** Takes a row out. */
  remove(id: string): 'removed' | 'ignored' {
    if (!this.#byId.delete(id)) return 'ignored';
    this.#order = this.#order.filter(other => other !== id);
    this.#total -= 1;
    this.#changed();
    return 'removed';
  }

  #add(row: Row): 'added' {
    const position = this.rows.findIndex(other => this.#options.compare(row, other) < 0);
    // After the last loaded row it belongs to a page that is still to come.
    if (position !== -1 || !this.#hasMore) {
      this.#byId.set(row.id, row);
      this.#order = this.#order.toSpliced(position === -1 ? this.#order.length : position, 0, row.id);
    }
    this.#total += 1;
    this.#changed();
    return 'added';
  }

  #take({ total, hasMore }: StorePage<Row>): void {
    this.#total = total;
    this.#hasMore = hasMore;
    this.#changed();
  }

  #changed(): void {
    this.#rows = undefined;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    (this.#options.schedule ?? nextFrame)(() => {
      this.#isScheduled = false;
      this.#update();
    });
  }
}
