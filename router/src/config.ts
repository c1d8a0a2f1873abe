import { loadConfig } from '@muster/kit/config';
import { z } from 'zod';
import { TrustedProxies } from './access/trusted-proxies.ts';

const url = z.url({ protocol: /^https?$/, error: 'is an http or https URL' });
const flag = z.stringbool({ error: 'is true or false' });

/** What the router as a process of its own can be told, and what it does untold. */
const shape = {
  MUSTER_HOST: z.string().default('0.0.0.0').describe('Address that the router listens on.'),
  MUSTER_PORT: z.coerce.number().int().min(0).max(65_535).default(4400).describe('Port of the API and the console.'),
  MUSTER_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('How much the router logs.'),
  MUSTER_SUPERGRAPH_FILE: z.string().optional().describe('The composed graph; the committed one when not set.'),
  MUSTER_SUPERGRAPH_WATCH: flag.default(false).describe('Follow the file and reload the graph when it changes.'),
  MUSTER_CONSOLE_DIR: z.string().optional().describe('The built console; without it the router serves the API only.'),
  MUSTER_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform(readNetworks)
    .describe('Networks of reverse proxies, comma-separated: X-Forwarded-For and -Proto are believed from them only.'),
  MUSTER_RATE_LIMITS: flag.default(true).describe('Hold each caller to a rate; false where something in front does.'),
  MUSTER_INTROSPECTION: flag.default(true).describe('Let signed-in callers read the schema by introspection.'),
  MUSTER_IDENTITY_PRIVATE_KEY: z
    .string({ error: 'is required: the private JWK that signs the router’s calls' })
    .transform(readJwk)
    .describe('Private Ed25519 key as a JWK; the services hold its public half.'),
};

/** The frozen configuration of the router's process. */
export type RouterConfig = ReturnType<typeof loadRouterConfig>;

/** Reads the router's settings; throws ConfigError with everything that is wrong. */
export function loadRouterConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return loadConfig(shape, env);
}

/** Where a service is reached: `MUSTER_<NAME>_URL`, or else the URL that the supergraph names. */
export function loadServiceUrls(
  routingUrls: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ReadonlyMap<string, string> {
  const nameOf = (service: string): string => `MUSTER_${service.toUpperCase().replaceAll('-', '_')}_URL`;
  const urls = loadConfig(
    Object.fromEntries([...routingUrls].map(([service, routingUrl]) => [nameOf(service), url.default(routingUrl)])),
    env,
  );
  return new Map([...routingUrls.keys()].map(service => [service, String(urls[nameOf(service)])]));
}

/** The gateway reads this when it is constructed, and would else report to its maker every hour. */
export function disableTelemetry(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
}

function readNetworks(text: string, context: z.RefinementCtx): readonly string[] {
  const networks = text.split(/[\s,]+/).filter(network => network !== '');
  try {
    new TrustedProxies(networks);
  } catch (error) {
    context.addIssue((error as Error).message);
  }
  return networks;
}

function readJwk(text: string, context: z.RefinementCtx): Record<string, string> {
  try {
    const jwk: unknown = JSON.parse(text);
    if (typeof jwk === 'object' && jwk !== null && 'd' in jwk) return jwk as Record<string, string>;
  } catch {
    // answered below, without the text
  }
  context.addIssue('is not a private key in JWK form');
  return z.NEVER;
}
