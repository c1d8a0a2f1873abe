import { stringifyDocument } from '@urql/core';
import type { TadaDocumentNode } from 'gql.tada';
import { type Client, createClient } from 'graphql-ws';
import { clock } from '#design/clock.ts';
import { reportUnauthenticated } from './client.ts';
import { type Problem, toProblem } from './errors.ts';
import { link } from './link.svelte.ts';
import { waitToRetry } from './retry-wait.ts';

const keepAliveMilliseconds = 10_000;
const pongDeadlineMilliseconds = 5_000;
/** Close code by which the server refuses a credential. */
const REFUSED = 4403;

/** What a subscriber hears; a lost connection is not among it, because the subscription outlives it. */
export interface LiveSink<Data> {
  next(data: Data): void;
  problem?(problem: Problem): void;
  complete?(): void;
}

/** A subscription to open: its variables are read anew at every (re)connection, so a stream can go on where it stopped. */
export interface LiveRequest<Data, Variables> {
  readonly document: TadaDocumentNode<Data, Variables>;
  readonly variables: () => Variables;
}

interface Stream {
  open(client: Client): void;
  close(): void;
}

/** The live connection of the signed-in person: always open, always coming back, with every subscription on it. */
class Live {
  readonly #streams = new Set<Stream>();
  #client: Client | undefined;
  #attempt = 0;
  #generation = 0;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;

  /** Connects; the session cookie goes with the upgrade. */
  start(): void {
    if (this.#client) return;
    this.#attempt = 0;
    this.#connect();
  }

  /** Ends the connection and every subscription. */
  stop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#generation += 1;
    clearTimeout(this.#pongTimer);
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
    link.reset();
    void client?.dispose();
  }

  /** Delivers events until it completes or the returned function is called, whatever happens to the socket. */
  subscribe<Data, Variables>(request: LiveRequest<Data, Variables>, sink: LiveSink<Data>): () => void {
    const stream = this.#toStream(request, sink);
    this.#streams.add(stream);
    if (this.#client) stream.open(this.#client);
    return () => {
      this.#streams.delete(stream);
      stream.close();
    };
  }

  #toStream<Data, Variables>(request: LiveRequest<Data, Variables>, sink: LiveSink<Data>): Stream {
    let close = () => {};
    const payload = {
      query: stringifyDocument(request.document),
      // A getter: the socket's client writes the payload anew after each reconnection.
      get variables() {
        return request.variables() as Record<string, unknown>;
      },
    };
    const stream: Stream = {
      open: client => {
        close = client.subscribe<Data>(payload, {
          next: result => {
            if (result.data) sink.next(result.data);
            if (result.errors?.[0]) this.#fail(result.errors[0], sink);
          },
          error: cause => {
            // Anything but a list of GraphQL errors is the connection's end: the restart opens the stream again.
            if (!Array.isArray(cause)) return;
            this.#streams.delete(stream);
            this.#fail(cause[0], sink);
          },
          complete: () => {
            if (this.#streams.delete(stream)) sink.complete?.();
          },
        });
      },
      close: () => close(),
    };
    return stream;
  }

  #fail(error: Parameters<typeof toProblem>[0], sink: LiveSink<never>): void {
    const problem = toProblem(error);
    if (problem.code === 'UNAUTHENTICATED') reportUnauthenticated();
    else sink.problem?.(problem);
  }

  #connect(): void {
    const generation = ++this.#generation;
    // The client of a session that is over may still speak; it is not listened to.
    const isCurrent = () => generation === this.#generation;
    const client = createClient({
      url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
      lazy: false,
      keepAlive: keepAliveMilliseconds,
      connectionAckWaitTimeout: 10_000,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: () => waitToRetry(this.#attempt++),
      onNonLazyError: () => void this.#restart(isCurrent),
      on: {
        connecting: () => isCurrent() && link.connecting(this.#attempt),
        connected: (_socket, payload) => isCurrent() && this.#connected(payload),
        closed: event => isCurrent() && this.#closed(event),
        ping: isReceived => !isReceived && isCurrent() && this.#expectPong(),
        pong: isReceived => isReceived && clearTimeout(this.#pongTimer),
      },
    });
    this.#client = client;
    for (const stream of this.#streams) stream.open(client);
  }

  #connected(payload: unknown): void {
    this.#attempt = 0;
    const serverTime = (payload as { serverTime?: unknown } | undefined)?.serverTime;
    if (typeof serverTime === 'string') clock.synchronise(serverTime);
    link.connected();
  }

  #closed(event?: unknown): void {
    clearTimeout(this.#pongTimer);
    link.closed();
    // the session behind the socket has ended, or another one is wanted: the session asks which
    if ((event as { code?: unknown } | undefined)?.code === REFUSED) reportUnauthenticated();
  }

  // A socket whose peer is gone stays open for minutes; an unanswered ping ends it.
  #expectPong(): void {
    clearTimeout(this.#pongTimer);
    this.#pongTimer = setTimeout(() => this.#client?.terminate(), pongDeadlineMilliseconds);
  }

  // Some close codes end the client for good; the page still wants to be live.
  async #restart(isCurrent: () => boolean): Promise<void> {
    if (!isCurrent()) return;
    this.#closed();
    await waitToRetry(this.#attempt++);
    if (isCurrent()) this.#connect();
  }
}

/** The one live connection of this page. */
export const live = new Live();
