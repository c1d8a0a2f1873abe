import { Channel } from './channel.ts';

/**
 * Wakes whoever waits for a topic. Delivery is at most once and only a hint: tables are the truth, and a consumer reads
 * them again when it starts and whenever it is woken. Payloads are JSON. A payload of null says “read again”: something
 * may have been missed, or was too large to be carried.
 */
export interface Bus extends AsyncDisposable {
  publish(topic: string, payload: unknown): void;
  /** Payloads of the topic from now on; at most `limit` wait, then the oldest is dropped. */
  subscribe<T>(topic: string, limit?: number): Channel<T | null>;
}

/** A bus within one process: payloads are handed over as they are. */
export class LocalBus implements Bus {
  readonly #topics = new Map<string, Set<Channel<unknown>>>();

  publish(topic: string, payload: unknown): void {
    for (const channel of this.#topics.get(topic) ?? []) channel.push(payload);
  }

  /** Tells everybody to read again, whatever the topic. */
  wakeAll(): void {
    for (const topic of this.#topics.keys()) this.publish(topic, null);
  }

  subscribe<T>(topic: string, limit = 1000): Channel<T | null> {
    const channels = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, channels);
    const channel: Channel<unknown> = new Channel<unknown>({
      limit,
      overflow: 'drop-oldest',
      onEnd: () => {
        channels.delete(channel);
        if (channels.size === 0 && this.#topics.get(topic) === channels) this.#topics.delete(topic);
      },
    });
    channels.add(channel);
    return channel as Channel<T | null>;
  }

  /** Number of topics that somebody listens to. */
  get topicCount(): number {
    return this.#topics.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const channels of this.#topics.values()) for (const channel of [...channels]) channel.end();
  }
}
