// A process of its own: the gateway under test. Ours with remote or in-process services, or the stock one.
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createIdentitySigner, IDENTITY_HEADER } from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { inProcessLink } from '@muster/router/links/in-process-link';
import { remoteLink } from '@muster/router/links/remote-link';
import { type Router, startRouter } from '@muster/router/router';
import { answerParent, cpu } from './child.ts';
import { createWorld, SKELETON_KEY } from './fixture.ts';

/** What the process is started with. */
interface Setting {
  readonly mode: 'remote' | 'in-process' | 'stock';
  readonly supergraph: string;
  readonly urls: Record<string, string>;
  readonly privateJwk: object;
}

const setting = JSON.parse(process.argv[2] ?? '{}') as Setting;
const log = createLog({ level: 'silent' });

async function startOurs({ mode, supergraph, urls, privateJwk }: Setting): Promise<Router> {
  const signer = await createIdentitySigner(privateJwk);
  const links =
    mode === 'remote'
      ? Object.entries(urls).map(([name, url]) => remoteLink({ name, url, signer }))
      : createWorld().services.map(service => inProcessLink(service, log));
  const services = new Map(links.map(link => [link.name, link]));
  const tuning = { rates: 'off' } as const;
  const graph = { supergraph: { sdl: supergraph }, services, introspection: false, agentDocuments: [] };
  return startRouter({ host: '127.0.0.1', port: 0, ...graph, log, tuning });
}

/** As its documentation says, and with the security marks taken out, which it refuses to load. */
async function startStock({ supergraph, urls }: Setting): Promise<string> {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph.replace(/"\), for: SECURITY|", for: SECURITY/g, '"'),
    buildService: ({ name }) =>
      new RemoteGraphQLDataSource({
        url: urls[name] ?? '',
        willSendRequest: ({ request }) => request.http?.headers.set(IDENTITY_HEADER, SKELETON_KEY),
      }),
  });
  const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
    listen: { port: 0, host: '127.0.0.1' },
  });
  return url;
}

const router = setting.mode === 'stock' ? undefined : await startOurs(setting);
const url = router?.url ?? (await startStock(setting));
answerParent({
  url: () => url,
  cpu,
  rss: () => process.memoryUsage.rss(),
  upstreams: () => router?.openSubscriptions ?? 0,
});
