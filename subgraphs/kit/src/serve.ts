import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { IDENTITY_HEADER, type IdentityVerifier, REQUEST_ID_HEADER } from './auth/identity.ts';
import { createContext, type RequestContext } from './context.ts';
import { createHttpListener } from './http-listener.ts';
import type { Log } from './log.ts';
import { maskError } from './masking.ts';
import { serveSockets } from './serve-sockets.ts';
import type { Service } from './service.ts';

/** Where and how a service listens. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly verify: IdentityVerifier;
  readonly log: Log;
}

/** A service on a port. */
export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** An identity names every organization that its viewer reaches; node's own limit ends at some two hundred. */
const MAX_HEADER_BYTES = 128 * 1024;
const DRAIN_MS = 2_000;
/** Longer than the router's pool keeps idle sockets, so that the router never writes into a closing one. */
const KEEP_ALIVE_MS = 65_000;

/** Header by which a service tells the router to open or close a browser session with this answer. */
export const SESSION_HEADER = 'x-muster-session';

/** Puts a service on a port: HTTP for queries, mutations and references, graphql-ws for subscriptions, and /healthz, /readyz. */
export async function serve(service: Service, options: ServeOptions): Promise<Served> {
  const onDefect = (error: unknown): void => options.log.error({ err: error }, 'defect');
  const apollo = new ApolloServer<RequestContext>({
    schema: service.schema,
    // its own signal handler would make a second stop() that never resolves
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    formatError: (_formatted, error) => maskError(error, onDefect),
  });
  await apollo.start();
  const identify = async (marks: Readonly<Record<string, unknown>>): Promise<RequestContext> => {
    const { [IDENTITY_HEADER]: token, [REQUEST_ID_HEADER]: requestId } = marks;
    const identity = await options.verify(typeof token === 'string' ? token : undefined);
    // only the router gets this far, so its word on the request is believed
    return createContext(typeof requestId === 'string' ? { ...identity, requestId } : identity);
  };
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES },
    createHttpListener(apollo, {
      maxBodyBytes: MAX_BODY_BYTES,
      context: request => identify(request.headers),
      decorate: (context, response) => {
        if (context.effects.session)
          response.setHeader(
            SESSION_HEADER,
            Buffer.from(JSON.stringify(context.effects.session)).toString('base64url'),
          );
      },
      route: (request, response) => answerHealth(service, request, response),
      onDefect,
    }),
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const sockets = serveSockets(service, { server, identify, onDefect, log: options.log, maxPayload: MAX_BODY_BYTES });
  const port = await listen(server, options);
  const close = async (): Promise<void> => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    await sockets.close();
    server.closeIdleConnections();
    await Promise.race([closed, new Promise(resolve => setTimeout(resolve, DRAIN_MS).unref())]);
    server.closeAllConnections();
    await apollo.stop();
  };
  let closing: Promise<void> | undefined;
  return { port, url: `http://${options.host}:${port}/graphql`, [Symbol.asyncDispose]: () => (closing ??= close()) };
}

async function answerHealth(service: Service, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (request.url === '/healthz') {
    response.writeHead(200).end('ok');
    return true;
  }
  if (request.url !== '/readyz') return false;
  const isReady = await service.checkReady().then(
    () => true,
    () => false,
  );
  response.writeHead(isReady ? 200 : 503).end(isReady ? 'ready' : 'not ready');
  return true;
}

function listen(server: Server, { host, port }: ServeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
