import { fileURLToPath } from 'node:url';
import { startAccounts } from '@muster/accounts/main';
import { accountsSchemas } from '@muster/accounts/store';
import { startFleet } from '@muster/fleet/main';
import { LocalBus } from '@muster/kit/bus';
import { provisionDatabase } from '@muster/kit/database/provision';
import { createLog } from '@muster/kit/log';
import { createSecretBox } from '@muster/kit/secret-box';
import type { Service } from '@muster/kit/service';
import { inProcessLink } from '@muster/router/links/in-process-link';
import { startRouter } from '@muster/router/router';
import type { StackConfig } from './config.ts';
import { openStackDatabase } from './database.ts';
import { requireFreePort } from './free-port.ts';
import { loadMasterSecret } from './master-secret.ts';

const CONSOLE_DIRECTORY = fileURLToPath(new URL('../../ui/build', import.meta.url));
const SUPERGRAPH_FILE = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));

/** Everything in one process: it answers, and disposing it stops all of it in order. */
export interface Stack extends AsyncDisposable {
  /** Where people reach it. */
  readonly url: string;
  readonly setup: { isComplete(): Promise<boolean>; readonly secret: string | undefined };
  readonly services: ReadonlyMap<string, Service>;
}

/** Starts the database, every service, the router and the console, or throws with all of it stopped again. */
export async function startStack(config: StackConfig): Promise<Stack> {
  await requireFreePort(config.host, config.port);
  const log = createLog({ level: config.logLevel });
  await using started = new AsyncDisposableStack();
  const masterSecret = await loadMasterSecret(config.dataDirectory, config.secretKey);
  const database = started.use(
    await openStackDatabase({ url: config.databaseUrl, directory: config.dataDirectory, log }),
  );
  const passwords = createSecretBox(masterSecret, 'database');
  const databases = await provisionDatabase(database.url, [accountsSchemas, 'fleet'], service =>
    passwords.derive(service),
  );
  const urlOf = (service: string): string => databases.get(service)?.url ?? '';
  const bus = started.use(new LocalBus());
  const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
  const accounts = started.use(
    await startAccounts({ databaseUrl: urlOf('accounts'), publicUrl, log: log.child({ service: 'accounts' }) }),
  );
  const fleet = started.use(
    await startFleet({
      databaseUrl: urlOf('fleet'),
      masterSecret,
      publicUrl,
      bus,
      log: log.child({ service: 'fleet' }),
    }),
  );
  const services = new Map<string, Service>([accounts, fleet].map(service => [service.name, service]));
  const router = started.use(
    await startRouter({
      host: config.host,
      port: config.port,
      supergraph: { file: SUPERGRAPH_FILE, isWatched: false },
      services: new Map([...services].map(([name, service]) => [name, inProcessLink(service, log)])),
      ...(config.hasConsole && { console: { directory: CONSOLE_DIRECTORY } }),
      trustedProxies: config.trustedProxies,
      tuning: { rates: config.hasRateLimits ? {} : 'off' },
      introspection: true,
      log: log.child({ service: 'router' }),
    }),
  );
  const kept = started.move();
  return {
    url: config.publicUrl ?? `http://localhost:${router.port}`,
    setup: accounts.setup,
    services,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
