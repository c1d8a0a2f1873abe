import { createIdentitySigner, createIdentityVerifier, generateIdentityKeys } from '@muster/kit/auth/identity';
import type { Viewer } from '@muster/kit/auth/viewer';
import { createLog } from '@muster/kit/log';
import { type Served, serve } from '@muster/kit/serve';
import type { Service } from '@muster/kit/service';
import { compose } from '@muster/schema/compose';
import { inProcessLink } from '../links/in-process-link.ts';
import { remoteLink } from '../links/remote-link.ts';
import type { ServiceLink } from '../links/service-link.ts';
import { type Router, type RouterOptions, startRouter } from '../router.ts';
import { FixtureWorld, fixtureServices } from './graph.ts';

/** Where the services of a fixture run. */
export type FixtureMode = 'in-process' | 'remote';

/** A router over the fixture graph, and the ends that tests pull. */
export interface Fixture extends AsyncDisposable {
  readonly world: FixtureWorld;
  readonly router: Router;
  readonly supergraph: string;
  /** Remote mode only: the served services by name. */
  readonly served: ReadonlyMap<string, Served>;
  /** Remote mode only: puts a service that was disposed of back on its port. */
  restart(name: string): Promise<void>;
}

/** Turns of a fixture; everything else of the router can be overridden too. */
export interface FixtureOptions extends Partial<RouterOptions> {
  readonly mode?: FixtureMode;
  /** Remote mode: how long a subscription waits for a service that is away. */
  readonly retryForMs?: number;
}

/** What devices of the fixture graph may send. */
export const deviceDocuments = {
  signals: 'subscription { signals { kind } }',
  viewer: '{ viewer { kind name } }',
} as const;

const log = createLog({ level: 'silent' });

/** Every permission that the fixture graph knows, on two organizations. */
export const ada: Viewer = {
  kind: 'USER',
  id: 'ada',
  name: 'Ada',
  permissions: ['device:read', 'device:write', 'organization:read', 'rack:read', 'vault:read'],
  scope: { kind: 'ORGANIZATIONS', ids: ['o1'] },
};

/** Starts services and router; `await using` ends them. */
export async function startFixture({
  mode = 'in-process',
  retryForMs = 10_000,
  ...options
}: FixtureOptions = {}): Promise<Fixture> {
  const world = new FixtureWorld();
  world.addSession('ada-token', ada);
  const services = fixtureServices(world);
  const { supergraph } = compose(
    services.map(({ name, sdl }) => ({ name, sdl, routingUrl: `http://${name}.invalid/graphql` })),
  );
  const served = new Map<string, Served>();
  const keys = await generateIdentityKeys();
  const put = async (service: Service, port = 0): Promise<Served> => {
    const verify = await createIdentityVerifier(keys.publicJwk, service.name);
    const one = await serve(service, { host: '127.0.0.1', port, verify, log });
    served.set(service.name, one);
    return one;
  };
  const link = async (service: Service): Promise<ServiceLink> => {
    if (mode === 'in-process') return inProcessLink(service, log);
    const signer = await createIdentitySigner(keys.privateJwk);
    const { url } = await put(service);
    return remoteLink({ name: service.name, url, signer, timeoutMs: 2_000, retryForMs, pingMs: 1_000 });
  };
  const links = await Promise.all(services.map(link));
  const router = await startRouter({
    host: '127.0.0.1',
    port: 0,
    supergraph: { sdl: supergraph },
    services: new Map(links.map(one => [one.name, one])),
    introspection: true,
    agentDocuments: Object.values(deviceDocuments),
    log,
    ...options,
  });
  return {
    world,
    router,
    supergraph,
    served,
    restart: async name => {
      const service = services.find(one => one.name === name);
      if (service) await put(service, served.get(name)?.port);
    },
    [Symbol.asyncDispose]: async () => {
      await router[Symbol.asyncDispose]();
      for (const one of served.values()) await one[Symbol.asyncDispose]();
    },
  };
}
