import { type Client, createClient } from 'graphql-ws/client';
import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { type Link, linkSocket, type WebSocketClass } from './link.ts';
import type { Log } from './log.ts';
import { OperationError, toOperationError } from './operation-error.ts';
import type { Operation } from './operations.ts';

export type Phase = 'offline' | 'connecting' | 'ready' | 'draining';

/** Waiting times of a connection; injectable so that tests need not wait. */
export interface Timing {
  readonly keepAliveMs: number;
  /** A pong that takes longer means a dead link. */
  readonly pongDeadlineMs: number;
  readonly operationMs: number;
  /** A connection that lived this long makes the back-off start anew. */
  readonly stableMs: number;
  readonly backoff: Backoff;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Makes the credential of each connection; undefined for an anonymous one. */
  readonly credential: () => string | undefined;
  readonly timing?: Partial<Timing>;
}

interface Ended {
  readonly code: number;
  readonly reason: string;
}

/**
 * A link to the server that comes back for ever, whatever closed it. Every connection is a fresh graphql-ws client without
 * retries of its own: that client gives up for good on a dozen close codes and re-sends mutations unasked.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #timing: Timing;
  readonly #readyListeners: (() => void)[] = [];
  #phase: Phase = 'offline';
  #client: Client | null = null;
  #link: Link | null = null;
  #wake: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #lastProblem = '';
  #notBefore = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#timing = {
      keepAliveMs: 25_000,
      pongDeadlineMs: 8_000,
      operationMs: 30_000,
      stableMs: 10_000,
      backoff: new Backoff(),
      ...options.timing,
    };
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Calls back each time the server has accepted the connection. */
  onReady(listener: () => void): void {
    this.#readyListeners.push(listener);
  }

  start(): void {
    this.#running ??= this.#keepConnected();
  }

  /** Closes in order; nothing reconnects afterwards. */
  async stop(): Promise<void> {
    this.#phase = 'draining';
    this.#wake?.();
    if (this.#client) close(this.#client);
    if (this.#client) this.#link?.closeSoon();
    else this.#link?.terminate();
    await this.#running;
  }

  /** Drops the present connection, so that a fresh one is made, no sooner than `pauseMs` from now. */
  recycle(pauseMs = 0): void {
    this.#notBefore = performance.now() + pauseMs;
    this.#link?.terminate();
  }

  /** Sends one operation and answers with its data; rejects with OperationError when cut, late or refused. */
  execute<V extends Record<string, unknown>, D>(operation: Operation<V, D>, variables: V): Promise<D> {
    const client = this.#client;
    if (!client || this.#phase !== 'ready') return Promise.reject(new OperationError('DISCONNECTED', 'not connected'));
    return new Promise((resolve, reject) => {
      let answer: { data?: unknown; errors?: unknown } | undefined;
      const late = setTimeout(() => {
        cancel();
        reject(new OperationError('TIMEOUT', 'the server did not answer in time'));
      }, this.#timing.operationMs);
      const fail = (error: unknown) => reject(toOperationError(error));
      const cancel = client.subscribe(
        { query: operation.document, variables },
        {
          next: value => {
            answer = value;
          },
          error: error => {
            clearTimeout(late);
            fail(error);
          },
          complete: () => {
            clearTimeout(late);
            if (answer?.errors || !answer?.data) fail(answer?.errors);
            else resolve(answer.data as D);
          },
        },
      );
    });
  }

  /** Opens a subscription on the present connection; `onEnd` is told why it ended, also when the connection did. */
  subscribe<V extends Record<string, unknown>, D>(
    operation: Operation<V, D>,
    handlers: { onData: (data: D) => void; onEnd: (error: OperationError) => void },
  ): void {
    this.#client?.subscribe(
      { query: operation.document },
      {
        next: value => (value.data ? handlers.onData(value.data as D) : handlers.onEnd(toOperationError(value.errors))),
        error: error => handlers.onEnd(toOperationError(error)),
        complete: () => handlers.onEnd(new OperationError('DISCONNECTED', 'the subscription ended')),
      },
    );
  }

  async #keepConnected(): Promise<void> {
    while (!this.#isStopping) {
      this.#phase = 'connecting';
      const began = performance.now();
      const ended = await this.#connectOnce();
      if (this.#isStopping) break;
      this.#phase = 'offline';
      if (performance.now() - began > this.#timing.stableMs) this.#timing.backoff.reset();
      const waitMs = Math.max(this.#timing.backoff.next(), this.#notBefore - performance.now());
      this.#tellLoss(ended, Math.round(waitMs));
      await this.#pause(waitMs);
    }
    this.#phase = 'offline';
  }

  get #isStopping(): boolean {
    return this.#phase === 'draining';
  }

  /** Lives as long as one connection does. */
  #connectOnce(): Promise<Ended> {
    return new Promise(resolve => {
      let pong: NodeJS.Timeout | undefined;
      const end = (ended: Ended) => {
        clearTimeout(pong);
        this.#client = null;
        // Disposed before the client's own handling of the close: so it ends its operations and tries nothing itself.
        close(client);
        resolve(ended);
      };
      const client = createClient({
        url: this.#options.url,
        webSocketImpl: this.#socketClass(),
        lazy: false,
        retryAttempts: 0,
        keepAlive: this.#timing.keepAliveMs,
        connectionAckWaitTimeout: 10_000,
        connectionParams: () => {
          const token = this.#options.credential();
          return token === undefined ? {} : { token };
        },
        onNonLazyError: () => undefined,
        on: {
          connected: (_socket, payload) => this.#becomeReady(client, payload),
          ping: received => {
            if (!received) pong = setTimeout(() => this.#link?.terminate(), this.#timing.pongDeadlineMs);
          },
          pong: received => received && clearTimeout(pong),
          closed: event => end(event as Ended),
        },
      });
    });
  }

  #becomeReady(client: Client, payload: unknown): void {
    if (this.#isStopping) return;
    this.#options.clock.adoptAcknowledgement(payload);
    this.#client = client;
    this.#phase = 'ready';
    this.#lastProblem = '';
    this.#options.log.info('connected');
    // The client marks itself connected after this callback: operations wait for the next turn.
    setImmediate(() => {
      if (this.#phase === 'ready') for (const listener of this.#readyListeners) listener();
    });
  }

  #socketClass(): WebSocketClass {
    return linkSocket({
      onLink: link => {
        this.#link = link;
      },
      onDate: date => this.#options.clock.adoptHeader(date),
    });
  }

  /** One line when the server goes, and another only when the cause changes. */
  #tellLoss(ended: Ended, retryInMs: number): void {
    const reason = this.#link?.problem || ended.reason || '';
    const problem = `${ended.code} ${reason}`;
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#options.log.warn('disconnected', { code: ended.code, reason, retryInMs });
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The client's own promise rejects when it was closed before the server accepted it, which is told elsewhere. */
function close(client: Client): void {
  Promise.resolve(client.dispose()).catch(() => undefined);
}
