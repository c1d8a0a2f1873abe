import { resolve } from 'node:path';
import { loadConfig } from '@muster/kit/config';
import { routerShape } from '@muster/router/config';
import { z } from 'zod';

/** What the whole stack in one process can be told, and what it does untold. */
export const stackShape = {
  MUSTER_PORT: z.coerce.number().int().min(0).max(65_535).default(4400).describe('Port of the API and the console.'),
  MUSTER_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on; 0.0.0.0 for every network, behind HTTPS.'),
  MUSTER_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'is an http or https URL' })
    .optional()
    .describe('Where people and agents reach this installation; http://localhost:PORT when not set.'),
  MUSTER_TRUSTED_PROXIES: routerShape.MUSTER_TRUSTED_PROXIES,
  MUSTER_RATE_LIMITS: routerShape.MUSTER_RATE_LIMITS,
  MUSTER_DATA_DIR: z
    .string()
    .default('.muster')
    .describe('Holds the embedded database, the master secret and the local agent.'),
  MUSTER_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('warn')
    .describe('How much the services log.'),
  MUSTER_SECRET_KEY: z
    .string()
    .min(32, 'has at least 32 characters')
    .optional()
    .describe('Master secret; made and kept in the data directory when not set.'),
  MUSTER_UI: z.enum(['on', 'off']).default('on').describe('off serves the API without the console.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'is a postgres:// URL' })
    .optional()
    .describe('An external PostgreSQL 15 or newer; an embedded one is started when not set.'),
};

/** The frozen configuration of the stack. */
export interface StackConfig {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly hasRateLimits: boolean;
  readonly dataDirectory: string;
  readonly logLevel: string;
  readonly secretKey: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly hasConsole: boolean;
  /** Enrol and run an agent for this very machine. */
  readonly hasAgent: boolean;
}

/** Reads environment and arguments; throws ConfigError with everything that is wrong. */
export function loadStackConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  args: readonly string[] = process.argv.slice(2),
): StackConfig {
  const values = loadConfig(stackShape, env);
  return Object.freeze({
    port: values.MUSTER_PORT,
    host: values.MUSTER_HOST,
    publicUrl: values.MUSTER_PUBLIC_URL?.replace(/\/$/, ''),
    trustedProxies: values.MUSTER_TRUSTED_PROXIES,
    hasRateLimits: values.MUSTER_RATE_LIMITS,
    dataDirectory: resolve(values.MUSTER_DATA_DIR),
    logLevel: values.MUSTER_LOG_LEVEL,
    secretKey: values.MUSTER_SECRET_KEY,
    databaseUrl: values.DATABASE_URL,
    hasConsole: values.MUSTER_UI === 'on',
    hasAgent: args.includes('--agent'),
  });
}
