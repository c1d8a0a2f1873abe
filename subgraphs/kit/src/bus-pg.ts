import pg from 'pg';
import { type Bus, LocalBus } from './bus.ts';
import { type BusMessage, EVERY_TOPIC, packMessages, unpackMessages } from './bus-envelope.ts';
import type { Channel } from './channel.ts';
import type { Log } from './log.ts';

const CHANNEL = 'muster_bus';
/** Messages of this long travel together: a notification costs a lock that all of the database shares. */
const COALESCE_MS = 10;
const PROBE_MS = 10_000;
const RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

/** Which database carries the bus; notifications do not pass a pooler in transaction mode. */
export interface PgBusOptions {
  readonly url: string;
  readonly log: Log;
}

/** A bus between processes over PostgreSQL, or throws where the database cannot be reached. */
export async function openPgBus(options: PgBusOptions): Promise<Bus> {
  const bus = new PgBus(options);
  await bus.connect();
  return bus;
}

/**
 * Listens and notifies on one connection of its own, so that no transaction that writes ever holds the lock of a
 * notification. Publish after commit. Own listeners hear at once; the others within some 10 ms. After a lost connection
 * everybody is told to read again, here and, where messages of this process were lost, everywhere.
 */
class PgBus implements Bus {
  readonly #options: PgBusOptions;
  readonly #local = new LocalBus();
  #waiting: BusMessage[] = [];
  #client: pg.Client | undefined;
  #hasLost = false;
  #isOver = false;
  #retryMs = RETRY_MS;
  #flushTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  readonly #probe: NodeJS.Timeout;

  constructor(options: PgBusOptions) {
    this.#options = options;
    this.#probe = setInterval(() => void this.#checkAlive(), PROBE_MS).unref();
  }

  publish(topic: string, payload: unknown): void {
    this.#local.publish(topic, payload);
    if (this.#isOver) return;
    if (!this.#client) {
      this.#hasLost = true;
      return;
    }
    this.#waiting.push([topic, payload]);
    this.#flushTimer ??= setTimeout(() => this.#startFlush(), COALESCE_MS).unref();
  }

  subscribe<T>(topic: string, limit?: number): Channel<T | null> {
    return this.#local.subscribe(topic, limit);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.#startFlush();
    this.#isOver = true;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#probe);
    await this.#flushing;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
    await this.#local[Symbol.asyncDispose]();
  }

  /** Opens the connection and tells whoever listens that something may have been missed. */
  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'muster-bus',
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', message => this.#receive(client, message));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    if (this.#isOver) return void (await client.end());
    this.#client = client;
    this.#retryMs = RETRY_MS;
    this.#local.wakeAll();
    if (!this.#hasLost) return;
    this.#hasLost = false;
    this.#waiting.push([EVERY_TOPIC, null]);
    this.#startFlush();
  }

  #receive(client: pg.Client, { processId, payload }: pg.Notification): void {
    // what this process says, its own listeners have heard already
    if (processId === (client as unknown as { processID: number }).processID) return;
    for (const [topic, value] of unpackMessages(payload ?? '')) {
      if (topic === EVERY_TOPIC) this.#local.wakeAll();
      else this.#local.publish(topic, value);
    }
  }

  #startFlush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushing = this.#flushing.then(() => this.#flush());
  }

  async #flush(): Promise<void> {
    const packets = packMessages(this.#waiting.splice(0));
    const client = this.#client;
    if (packets.length === 0) return;
    try {
      if (!client) throw new Error('the bus is not connected');
      await client.query(`select pg_notify('${CHANNEL}', packet) from unnest($1::text[]) as packet`, [packets]);
    } catch {
      this.#hasLost = true;
      if (client) this.#lose(client);
    }
  }

  async #checkAlive(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const cut = setTimeout(() => this.#lose(client), PROBE_MS / 2).unref();
    await client.query('select 1').catch(() => this.#lose(client));
    clearTimeout(cut);
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client || this.#isOver) return;
    this.#client = undefined;
    this.#options.log.warn({}, 'the bus has lost its connection');
    client.end().catch(() => {});
    this.#hasLost ||= this.#waiting.splice(0).length > 0;
    this.#retry();
  }

  #retry(): void {
    const wait = Math.random() * this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    this.#retryTimer = setTimeout(() => {
      this.connect().then(
        () => this.#options.log.info({}, 'the bus is connected again'),
        () => !this.#isOver && this.#retry(),
      );
    }, wait).unref();
  }
}
