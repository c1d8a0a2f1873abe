import type { Server } from 'node:http';
import { type ExecutionArgs, subscribe } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { RequestContext } from './context.ts';
import { attachSocket } from './graphql-socket.ts';
import type { Log } from './log.ts';
import { maskSubscription, toGraphQLError } from './mask-subscription.ts';
import type { OnDefect } from './masking.ts';
import type { Service } from './service.ts';

/** What the sockets of a service stand on. */
export interface ServeSocketsOptions {
  readonly server: Server;
  /** The context of one operation from the marks it carries; throws where they are not the router's. */
  readonly identify: (marks: Readonly<Record<string, unknown>>) => Promise<RequestContext>;
  readonly onDefect: OnDefect;
  readonly log: Log;
  readonly maxPayload: number;
}

const PING_MS = 10_000;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_WAIT_MS = 1_000;

/** graphql-ws for the router at /graphql: one socket carries many viewers, so identity comes with each operation. */
export function serveSockets(service: Service, options: ServeSocketsOptions): { close(): Promise<void> } {
  const { identify, onDefect, log, maxPayload } = options;
  const contexts = new WeakMap<object, RequestContext>();
  const graphql = makeServer<Record<string, unknown> | undefined, Parameters<typeof attachSocket>[1]>({
    schema: service.schema,
    onSubscribe: async (_socket, _id, payload) => {
      try {
        contexts.set(payload, await identify(payload.extensions ?? {}));
      } catch (error) {
        // refused alone: thrown from `context` it would close the socket, and with it the streams of all others
        return [toGraphQLError(error, onDefect)];
      }
    },
    context: (_socket, _id, payload) => contexts.get(payload),
    subscribe: async (args: ExecutionArgs) => maskSubscription(await subscribe(args), onDefect),
  });
  const { server } = options;
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload, handleProtocols });
  // the server itself tells of its errors; unheard here they would end the process
  sockets.on('error', error => log.debug({ err: error }, 'sockets failed'));
  sockets.on('connection', (socket, request) => attachSocket(graphql, { socket, request }, { pingMs: PING_MS, log }));
  return {
    close: async () => {
      for (const socket of sockets.clients) socket.close(CLOSE_GOING_AWAY, 'Going away');
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, CLOSE_WAIT_MS);
      await new Promise<void>(resolve => sockets.close(() => resolve()));
      clearTimeout(cut);
    },
  };
}
