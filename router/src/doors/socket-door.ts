import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { AppError, findAppError } from '@muster/kit/errors';
import { attachSocket, type SocketExtra } from '@muster/kit/graphql-socket';
import { maskError } from '@muster/kit/masking';
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type Context, makeServer, type SubscribePayload } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Admission } from '../access/admission.ts';
import { type Authenticator, anonymousCaller, type Caller } from '../access/authenticator.ts';
import type { TrustedProxies } from '../access/trusted-proxies.ts';
import type { RouterContext } from '../context.ts';
import { SocketOperations, type SocketOperationsOptions } from './socket-operations.ts';
import { SocketSessions } from './socket-sessions.ts';
import { acceptUpgrades } from './upgrade.ts';

/** What the WebSocket door stands on. */
export interface SocketDoorOptions extends SocketOperationsOptions {
  readonly server: HttpServer;
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly proxies: TrustedProxies;
  /** How often silent peers are probed. */
  readonly pingMs: number;
  /** How often the sessions behind sockets are asked for again. */
  readonly sessionCheckMs: number;
}

interface Extra extends SocketExtra {
  readonly upgradeToken: string | undefined;
  readonly remoteAddress: string | undefined;
  caller?: Caller;
  credential?: string | undefined;
}

type Peer = Context<Record<string, unknown> | undefined, Extra>;

const MAX_OPERATIONS = 200;
const INIT_WAIT_MS = 10_000;
const CLOSE_RESTART = 1012;
const CLOSE_TRY_LATER = 1013;

/** graphql-transport-ws for every kind of operation; its peers' sessions are watched as long as the socket lives. */
export class SocketDoor {
  readonly #options: SocketDoorOptions;
  readonly #operations: SocketOperations;
  readonly #sessions: SocketSessions;
  readonly #sockets: WebSocketServer;

  constructor(options: SocketDoorOptions) {
    this.#options = options;
    this.#operations = new SocketOperations(options);
    this.#sessions = new SocketSessions({ ...options, checkMs: options.sessionCheckMs });
    const server = this.#makeServer();
    this.#sockets = acceptUpgrades(options.server, {
      log: options.log,
      onSocket: ({ socket, request, credential }) => {
        const { remoteAddress } = options.proxies.originOf(request);
        const extra: Extra = { socket, request, remoteAddress, upgradeToken: credential?.token };
        attachSocket(server, extra, options);
      },
    });
  }

  /** Resolves when the answer to every query and mutation that runs now is written. */
  drained(): Promise<void> {
    return this.#operations.drained();
  }

  /** Closes sockets of the credential now if it is not valid any more. */
  recheck(credential: string): void {
    void this.#sessions.check(credential);
  }

  /** Sends every peer away in the way that makes it come back at once; after the deadline without asking. */
  async close(deadline: Promise<unknown>): Promise<void> {
    this.#sessions[Symbol.dispose]();
    const closed = [...this.#sockets.clients].map(socket => new Promise(resolve => socket.once('close', resolve)));
    for (const socket of this.#sockets.clients) socket.close(CLOSE_RESTART, 'Service restart');
    await Promise.race([Promise.all(closed), deadline]);
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #makeServer() {
    const onDefect = (error: unknown): void => this.#options.log.error({ err: error }, 'defect');
    return makeServer<Record<string, unknown> | undefined, SocketExtra>({
      connectionInitWaitTimeout: INIT_WAIT_MS,
      onConnect: peer => this.#welcome(peer as Peer),
      onSubscribe: (peer, id, payload) => this.#prepare(peer as Peer, id, payload),
      execute: (args: ExecutionArgs) => this.#operations.execute(args) as never,
      subscribe: (args: ExecutionArgs) => this.#operations.subscribe(args) as never,
      // results are plain and masked already
      onNext: (...[, , , , result]) => result as FormattedExecutionResult,
      onComplete: (_peer, _id, payload) => this.#operations.complete(payload),
      onError: (...[, , , errors]) => errors.map(error => maskError(error, onDefect)),
    });
  }

  /** Tells who calls before the first operation; the acknowledgement carries the server's time. */
  async #welcome({ connectionParams, extra }: Peer): Promise<Record<string, unknown> | false> {
    const { socket, remoteAddress, upgradeToken } = extra;
    const token = connectionParams?.token ?? upgradeToken;
    try {
      extra.caller = await this.#identify(token, remoteAddress);
    } catch (error) {
      if (findAppError(error)?.code !== 'UNAUTHENTICATED') {
        this.#options.log.warn({ err: error }, 'socket not admitted');
        socket.close(CLOSE_TRY_LATER, 'Try again later');
      }
      return false;
    }
    if (socket.readyState !== socket.OPEN) return false;
    extra.credential = typeof token === 'string' ? token : undefined;
    this.#sessions.add({ socket, caller: extra.caller, credential: extra.credential, remoteAddress });
    return { serverTime: new Date().toISOString() };
  }

  async #identify(token: unknown, remoteAddress: string | undefined): Promise<Caller> {
    if (token === undefined || token === null) return anonymousCaller;
    if (typeof token !== 'string') throw new AppError('UNAUTHENTICATED', 'The token is not a text.');
    return this.#options.authenticator.identify(token, { remoteAddress });
  }

  #prepare(
    { extra, subscriptions }: Peer,
    id: string,
    payload: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] {
    if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
      const error = new AppError('LIMIT_EXCEEDED', `A socket carries at most ${MAX_OPERATIONS} operations at once.`);
      return [toGraphQLError(error)];
    }
    const context: RouterContext = {
      viewer: (extra.caller ?? anonymousCaller).viewer,
      requestId: randomUUID(),
      remoteAddress: extra.remoteAddress,
      credential: extra.credential,
      canKeepCookie: false,
      effects: {},
    };
    const refusal = this.#options.admission.refusal(context, payload.query);
    const onResumed = (): void => tellResumed(extra.socket, id);
    return refusal ? [toGraphQLError(refusal)] : this.#operations.prepare({ payload, context, onResumed });
  }
}

/**
 * A result without data would be none, and data must not be invented, so on a quiet topic the news travels in the one
 * message whose payload the protocol leaves open. Clients that do not read it answer it with a pong; the next event
 * says the same.
 */
function tellResumed(socket: WebSocket, id: string): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: 'ping', payload: { resumed: [id] } }));
}

const toGraphQLError = (error: AppError): GraphQLError => new GraphQLError(error.message, { originalError: error });
