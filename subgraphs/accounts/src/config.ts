import { loadConfig } from '@muster/kit/config';
import {
  databaseUrl,
  identityPublicKey,
  serviceHost,
  serviceLogLevel,
  servicePort,
} from '@muster/kit/service-settings';
import { z } from 'zod';
import { defaultSessionLimits } from './sessions/session-limits.ts';

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const { browserIdleSeconds, browserSeconds, cliSeconds } = defaultSessionLimits;

/** What the process of accounts can be told, and what it does untold. */
export const accountsShape = {
  ACCOUNTS_DATABASE_URL: databaseUrl('accounts'),
  MUSTER_IDENTITY_PUBLIC_KEY: identityPublicKey,
  ACCOUNTS_HOST: serviceHost,
  ACCOUNTS_PORT: servicePort(4401),
  ACCOUNTS_SETUP_SECRET: z
    .string()
    .min(16, 'is shorter than 16 characters')
    .optional()
    .describe('Used as the set-up secret instead of a fresh one at each start.'),
  ACCOUNTS_SESSION_IDLE_SECONDS: seconds(browserIdleSeconds).describe('Browser sessions end after this long unused.'),
  ACCOUNTS_SESSION_SECONDS: seconds(browserSeconds).describe('Browser sessions end after this long in any case.'),
  ACCOUNTS_CLI_SESSION_SECONDS: seconds(cliSeconds).describe('CLI sessions end after this long.'),
  MUSTER_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http address' })
    .default('http://localhost:4400')
    .describe('Address that people open in the browser; the set-up link begins with it.'),
  MUSTER_LOG_LEVEL: serviceLogLevel,
} as const;

/** Everything that the process of accounts can be told. */
export type AccountsConfig = Awaited<ReturnType<typeof readConfig>>;

/** The configuration in environment variables, or a ConfigError with everything that is wrong with it. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return loadConfig(accountsShape, env);
}
