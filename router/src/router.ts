import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '@muster/kit/log';
import { Admission } from './access/admission.ts';
import { AgentDocuments, readAgentDocuments } from './access/agent-documents.ts';
import { Authenticator } from './access/authenticator.ts';
import { TrustedProxies } from './access/trusted-proxies.ts';
import { noConsole, serveConsole } from './console.ts';
import { createHttpDoor } from './doors/http-door.ts';
import { SocketDoor } from './doors/socket-door.ts';
import { createGateway } from './gateway.ts';
import type { ServiceLink } from './links/service-link.ts';
import { startOperations } from './operations.ts';
import { RateLimits, type RateTuning } from './rates/rate-limits.ts';
import { FederatedSubscriptions } from './subscriptions/federated.ts';
import type { SupergraphSource } from './supergraph-source.ts';

/** What a router is started with. */
export interface RouterOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly supergraph: SupergraphSource;
  /** The way to every service that the supergraph names; the router disposes of the links, not of the services. */
  readonly services: ReadonlyMap<string, ServiceLink>;
  readonly console?: { readonly directory: string } | undefined;
  /** Lets signed-in callers read the schema. */
  readonly introspection: boolean;
  /** Networks whose X-Forwarded-For and -Proto are believed; nobody's when not given. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** What devices may send, word for word; what the agents' releases send when not given. */
  readonly agentDocuments?: readonly string[] | undefined;
  readonly log: Log;
  readonly tuning?: Partial<RouterTuning> | undefined;
}

/** Figures that tests and benchmarks turn; the defaults are for production. */
export interface RouterTuning {
  /** How often silent peers are probed. */
  readonly pingMs: number;
  /** How often the sessions behind sockets are asked for again; a revocation takes effect within it. */
  readonly sessionCheckMs: number;
  /** Events that may wait for one slow subscriber. */
  readonly queueLimit: number;
  /** How long in-flight operations may take once the router stops. */
  readonly drainMs: number;
  /** How long a caller may take to send the head of a request. */
  readonly headersMs: number;
  /** How often callers may call; `off` where something in front of the router counts. */
  readonly rates: Partial<RateTuning> | 'off';
}

/** A router that listens; disposing it finishes what is in flight and sends sockets away to come back. */
export interface Router extends AsyncDisposable {
  /** Of the API; sockets use the same path. */
  readonly url: string;
  readonly port: number;
  /** Number of subscription sources that are open at services. */
  readonly openSubscriptions: number;
}

const defaults: RouterTuning = {
  pingMs: 15_000,
  sessionCheckMs: 4_000,
  queueLimit: 1_000,
  drainMs: 2_000,
  headersMs: 8_000,
  rates: {},
};

/** A caller who sends a byte a second is cut within 10 s, whatever it sends. */
const serverOptions = (headersMs: number) => ({
  headersTimeout: headersMs,
  requestTimeout: Math.max(headersMs, 30_000),
  connectionsCheckingInterval: Math.min(headersMs, 2_000),
  keepAliveTimeout: 65_000,
});

/** Loads the supergraph and serves it, over HTTP and WebSocket on one port. */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const { services, log } = options;
  const tuning = { ...defaults, ...options.tuning };
  await using links = new AsyncDisposableStack();
  for (const link of services.values()) links.use(link);
  const authenticator = new Authenticator(services);
  const proxies = new TrustedProxies(options.trustedProxies);
  const agentDocuments = new AgentDocuments(options.agentDocuments ?? readAgentDocuments());
  const admission = new Admission(tuning.rates === 'off' ? undefined : new RateLimits(tuning.rates), agentDocuments);
  const federated = createGateway(options);
  const subscriptions = new FederatedSubscriptions({
    links: services,
    services: federated.services,
    queueLimit: tuning.queueLimit,
    onDefect: error => log.error({ err: error }, 'defect'),
  });
  const onSessionClosed = (credential: string): void => {
    authenticator.forget(credential);
    sockets.recheck(credential);
  };
  const operations = await startOperations({ ...options, federated, admission, onSessionClosed });
  links.defer(() => operations.stop());
  const console = options.console ? serveConsole(options.console.directory) : noConsole;
  const doors = { operations, authenticator, admission, proxies, log };
  const server = createServer(serverOptions(tuning.headersMs), createHttpDoor({ ...doors, services, console }));
  const { planning } = federated;
  const { introspection } = options;
  const sockets = new SocketDoor({
    ...doors,
    ...tuning,
    server,
    subscriptions,
    planning,
    introspection,
    agentDocuments,
  });
  links.defer(() => drain({ server, sockets, subscriptions, drainMs: tuning.drainMs }));
  const port = await listen(server, options);
  const running = links.move();
  let stopping: Promise<void> | undefined;
  return {
    port,
    url: `http://${urlHost(options.host)}:${port}/graphql`,
    get openSubscriptions() {
      return subscriptions.size;
    },
    [Symbol.asyncDispose]: () => (stopping ??= running.disposeAsync()),
  };
}

interface Doors {
  readonly server: Server;
  readonly sockets: SocketDoor;
  readonly subscriptions: FederatedSubscriptions;
  readonly drainMs: number;
}

/** In the order that loses nothing: no new callers, answers for those who wait, then the sockets. */
async function drain({ server, sockets, subscriptions, drainMs }: Doors): Promise<void> {
  const deadline = new Promise(resolve => setTimeout(resolve, drainMs).unref());
  const isClosed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([sockets.drained(), deadline]);
  await sockets.close(deadline);
  subscriptions.stop();
  await Promise.race([isClosed, deadline]);
  server.closeAllConnections();
}

function listen(server: Server, { host, port }: RouterOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The address of this machine where the router listens on all of them. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
