import { fileURLToPath } from 'node:url';
import { Supergraph } from '@apollo/federation-internals';
import { createIdentitySigner } from '@muster/kit/auth/identity';
import { ConfigError, EXIT_CONFIG } from '@muster/kit/config';
import { createLog } from '@muster/kit/log';
import { loadRouterConfig, loadServiceUrls, type RouterConfig } from './config.ts';
import { remoteLink } from './links/remote-link.ts';
import { type Router, startRouter } from './router.ts';
import { readSupergraph } from './supergraph-source.ts';

const COMMITTED = fileURLToPath(import.meta.resolve('@muster/schema/supergraph.graphql'));

/** The router as a process of its own: every service of the supergraph is reached over the network. */
async function start(config: RouterConfig): Promise<Router> {
  const file = config.MUSTER_SUPERGRAPH_FILE ?? COMMITTED;
  const urls = loadServiceUrls(await routingUrls(file));
  const signer = await createIdentitySigner(config.MUSTER_IDENTITY_PRIVATE_KEY);
  return startRouter({
    host: config.MUSTER_HOST,
    port: config.MUSTER_PORT,
    supergraph: { file, isWatched: config.MUSTER_SUPERGRAPH_WATCH },
    services: new Map([...urls].map(([name, url]) => [name, remoteLink({ name, url, signer })])),
    console: config.MUSTER_CONSOLE_DIR ? { directory: config.MUSTER_CONSOLE_DIR } : undefined,
    introspection: config.MUSTER_INTROSPECTION,
    trustedProxies: config.MUSTER_TRUSTED_PROXIES,
    tuning: { rates: config.MUSTER_RATE_LIMITS ? {} : 'off' },
    log,
  });
}

/** Where the supergraph itself says that its services are. */
async function routingUrls(file: string): Promise<ReadonlyMap<string, string>> {
  const supergraph = Supergraph.build(await readSupergraph({ file, isWatched: false }), { supportedFeatures: null });
  return new Map(supergraph.subgraphsMetadata().map(({ name, url }) => [name, url]));
}

function configure(): RouterConfig {
  try {
    return loadRouterConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

const config = configure();
const log = createLog({ level: config.MUSTER_LOG_LEVEL, service: 'router' });
const router = await start(config);
log.info({ url: router.url }, 'router listens');

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    await router[Symbol.asyncDispose]();
    process.exit(0);
  });
