import { once } from 'node:events';
import type { FormattedExecutionResult } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** Root fields of an answer, each an object. */
export type Data = Record<string, Readonly<Record<string, unknown>>>;

/** One HTTP call of a test. */
export interface Call {
  readonly query: string;
  readonly variables?: object;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

/** An HTTP answer of the router. */
export interface Answer extends FormattedExecutionResult<Data> {
  readonly status: number;
  readonly headers: Headers;
}

/** Posts an operation and reads the answer. */
export async function post(url: string, { query, variables, token, headers }: Call): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
}

/** The codes of an answer's errors. */
export function codesOf(answer: FormattedExecutionResult): unknown[] {
  return (answer.errors ?? []).map(error => error.extensions?.code);
}

/** A graphql-ws client of the router. */
export function socketClient(url: string, token?: string): Client {
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token && { connectionParams: { token } }),
  });
}

/** The events of one subscription, pulled by tests. */
export interface Events {
  next(): Promise<FormattedExecutionResult<Data>>;
  stop(): void;
}

/** Subscribes; `next()` waits for the next event, or throws what ended the subscription. */
export function subscribe(client: Client, query: string, variables: Record<string, unknown> = {}): Events {
  const iterator = client.iterate<Data>({ query, variables });
  return {
    next: async () => {
      const step = await iterator.next();
      if (step.done) throw new Error('the subscription has ended');
      return step.value as FormattedExecutionResult<Data>;
    },
    stop: () => void iterator.return?.(),
  };
}

/** What a socket was closed with. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A bare socket for what a well-behaved client would not do. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly opened: Promise<unknown>;
  readonly messages: Record<string, unknown>[] = [];
  #waiting: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
    this.opened = new Promise(resolve => this.socket.once('open', resolve));
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
    this.socket.on('error', () => {});
    this.socket.on('message', data => {
      this.messages.push(JSON.parse(String(data)) as Record<string, unknown>);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Opens and says hello; resolves with the first answer. */
  async init(payload?: object): Promise<Record<string, unknown>> {
    await this.opened;
    this.send({ type: 'connection_init', payload });
    return this.find(() => true);
  }

  /** The first message that fits, also one that came before. */
  async find(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const message = this.messages.find(fits);
      if (message) return message;
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }
}

/** Resolves when the fact holds. */
export async function until(fact: () => boolean | Promise<boolean>, withinMs = 8_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await fact())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${fact}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
