import { IDENTITY_HEADER, REQUEST_ID_HEADER } from '@muster/kit/auth/identity';
import { Channel } from '@muster/kit/channel';
import { AppError, isErrorCode } from '@muster/kit/errors';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { IdentityCache } from './identity-cache.ts';
import {
  type ServiceCall,
  type ServiceEvent,
  type ServiceRequest,
  type ServiceSubscription,
  unavailable,
} from './service-link.ts';

interface UpstreamOptions {
  readonly name: string;
  readonly url: string;
  readonly identities: IdentityCache;
  readonly retryForMs?: number;
  readonly pingMs?: number;
}

interface Stream {
  readonly channel: Channel<ServiceEvent>;
  readonly call: ServiceCall;
  readonly continueAfter: ServiceSubscription['continueAfter'];
  /** What is asked when the stream is opened, again or for the first time. */
  request: ServiceRequest;
  token: string;
  isInterrupted: boolean;
  close: () => void;
}

/** Events that may wait for a join; more ends the stream, so that nothing is lost in silence. */
const QUEUE_LIMIT = 10_000;
/**
 * A stream that can be continued is closed before that and opened again when its reader has caught up: the socket is
 * shared, so pausing it would pause everybody's streams.
 */
const PAUSE_AT = 1_000;
const MAX_WAIT_MS = 2_000;

/** One graphql-ws socket carries every subscription of this router to one service, and comes back by itself. */
export class UpstreamSocket implements AsyncDisposable {
  readonly #options: Required<UpstreamOptions>;
  readonly #client: Client;
  readonly #streams = new Set<Stream>();
  #socket: WebSocket | undefined;
  #awaitedPong: NodeJS.Timeout | undefined;
  #downSince: number | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = { retryForMs: 30_000, pingMs: 10_000, ...options };
    this.#client = createClient({
      url: options.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      lazyCloseTimeout: 5_000,
      connectionAckWaitTimeout: 5_000,
      keepAlive: this.#options.pingMs,
      retryAttempts: Number.POSITIVE_INFINITY,
      // the default gives up on a refused connection, which is what a restarting service looks like
      shouldRetry: () => this.#mayRetry(),
      retryWait: retries => waitBeforeRetry(retries),
      // asked for at every connect, before the streams are subscribed again
      connectionParams: () => this.#refreshTokens(),
      on: {
        opened: socket => {
          this.#socket = socket as WebSocket;
        },
        connected: () => this.#onConnected(),
        closed: () => this.#onClosed(),
        ping: isReceived => !isReceived && this.#awaitPong(),
        pong: isReceived => isReceived && clearTimeout(this.#awaitedPong),
      },
    });
  }

  async subscribe(request: ServiceSubscription, call: ServiceCall): Promise<AsyncIterator<ServiceEvent, undefined>> {
    const token = await this.#options.identities.tokenFor(call);
    const onEnd = (): void => {
      this.#streams.delete(stream);
      stream.close();
    };
    const channel = new Channel<ServiceEvent>({ limit: QUEUE_LIMIT, overflow: 'fail', onEnd });
    const { continueAfter } = request;
    const stream: Stream = { channel, call, continueAfter, request, token, isInterrupted: false, close: () => {} };
    this.#streams.add(stream);
    this.#open(stream);
    return channel;
  }

  #open(stream: Stream): void {
    const { channel } = stream;
    let isOpen = true;
    const stop = this.#client.subscribe(withIdentity(stream), {
      next: event => {
        if (isOpen) this.#take(stream, event as FormattedExecutionResult);
      },
      error: error => isOpen && channel.fail(this.#refusalOf(error)),
      complete: () => isOpen && channel.end(),
    });
    stream.close = () => {
      isOpen = false;
      stop();
    };
  }

  #take(stream: Stream, event: FormattedExecutionResult): void {
    const { channel } = stream;
    channel.push(event);
    const continued = stream.continueAfter?.(event);
    if (!continued) return;
    stream.request = continued;
    if (channel.size < PAUSE_AT) return;
    stream.close();
    this.#reopen(stream).catch(error => channel.fail(error));
  }

  async #reopen(stream: Stream): Promise<void> {
    await stream.channel.drainedTo(PAUSE_AT / 2);
    stream.token = await this.#options.identities.tokenFor(stream.call);
    if (!stream.channel.isOver) this.#open(stream);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#awaitedPong);
    for (const { channel } of [...this.#streams]) channel.end();
    await Promise.resolve(this.#client.dispose()).catch(() => {});
    this.#client.terminate();
  }

  #mayRetry(): boolean {
    this.#downSince ??= Date.now();
    return Date.now() - this.#downSince < this.#options.retryForMs;
  }

  async #refreshTokens(): Promise<Record<string, unknown>> {
    const { identities } = this.#options;
    await Promise.all(
      [...this.#streams].map(async stream => {
        stream.token = await identities.tokenFor(stream.call);
      }),
    );
    return {};
  }

  #onConnected(): void {
    this.#downSince = undefined;
    for (const stream of this.#streams) {
      if (stream.isInterrupted && !stream.continueAfter) stream.channel.push({ isResumed: true });
      stream.isInterrupted = false;
    }
  }

  #onClosed(): void {
    clearTimeout(this.#awaitedPong);
    const wasConnected = this.#downSince === undefined;
    if (wasConnected) for (const stream of this.#streams) stream.isInterrupted = true;
  }

  /** A frozen service keeps its socket open for ever; only a missing pong tells. */
  #awaitPong(): void {
    const socket = this.#socket;
    clearTimeout(this.#awaitedPong);
    this.#awaitedPong = setTimeout(() => socket?.terminate(), this.#options.pingMs / 2);
  }

  #refusalOf(error: unknown): AppError {
    if (!Array.isArray(error)) return unavailable(this.#options.name, error);
    const [first] = error as GraphQLFormattedError[];
    const code = first?.extensions?.code;
    return isErrorCode(code) && first
      ? new AppError(code, first.message)
      : new AppError('INTERNAL', 'Something went wrong inside Muster.', { cause: error });
  }
}

/** The payload is serialised anew at each silent subscribing again, so the getters give a fresh token and go on where it was. */
function withIdentity(stream: Stream) {
  return {
    get query() {
      return stream.request.query;
    },
    get variables() {
      return stream.request.variables ?? {};
    },
    get operationName() {
      return stream.request.operationName ?? null;
    },
    extensions: {
      get [IDENTITY_HEADER]() {
        return stream.token;
      },
      [REQUEST_ID_HEADER]: stream.call.requestId,
    },
  };
}

function waitBeforeRetry(retries: number): Promise<void> {
  const longest = Math.min(100 * 2 ** retries, MAX_WAIT_MS);
  return new Promise(resolve => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
}
