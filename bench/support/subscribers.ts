import { once } from 'node:events';
import { IDENTITY_HEADER } from '@muster/kit/auth/identity';
import WebSocket from 'ws';
import { SESSION, SKELETON_KEY } from './fixture.ts';

const HOSTNAME = /"hostname":"(\d+)"/;

/** Subscribers over a number of sockets that count what they get, and how long after it was told. */
export class Subscribers implements Disposable {
  readonly latencies: number[] = [];
  received = 0;
  #sockets: WebSocket[] = [];

  static async open(url: string, wish: { query: string; sockets: number; perSocket: number }): Promise<Subscribers> {
    const subscribers = new Subscribers();
    for (let index = 0; index < wish.sockets; index += 1) await subscribers.#open(url, wish);
    return subscribers;
  }

  /** Resolves when so many events have come since the last reset. */
  async waitFor(count: number, withinMs = 20_000): Promise<void> {
    const end = Date.now() + withinMs;
    while (this.received < count) {
      if (Date.now() > end) throw new Error(`${this.received} of ${count} events came`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }

  reset(): void {
    this.received = 0;
    this.latencies.length = 0;
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async #open(url: string, { query, perSocket }: { query: string; perSocket: number }): Promise<void> {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    this.#sockets.push(socket);
    await once(socket, 'open');
    const acknowledged = once(socket, 'message');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: SESSION } }));
    await acknowledged;
    socket.on('message', data => this.#take(String(data)));
    const extensions = { [IDENTITY_HEADER]: SKELETON_KEY };
    for (let id = 1; id <= perSocket; id += 1)
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query, extensions } }));
  }

  #take(text: string): void {
    const told = HOSTNAME.exec(text)?.[1];
    if (!told) return;
    this.received += 1;
    this.latencies.push(Number(process.hrtime.bigint() - BigInt(told)) / 1e6);
  }
}

/** The value below which so much of a list lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
