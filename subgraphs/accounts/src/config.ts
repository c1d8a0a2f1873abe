import { loadConfig } from '@muster/kit/config';
import { z } from 'zod';
import { defaultSessionLimits } from './sessions/session-limits.ts';

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const { browserIdleSeconds, browserSeconds, cliSeconds } = defaultSessionLimits;

/** The router's public key as the JSON of a JWK. */
const publicKey = z.string({ error: 'is missing: the router’s public key as JSON' }).transform((text, context) => {
  try {
    return z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not an Ed25519 public key in JSON (JWK)' });
    return z.NEVER;
  }
});

const shape = {
  ACCOUNTS_DATABASE_URL: z
    .string({ error: 'is missing: the address of the PostgreSQL database, postgres://…' })
    .regex(/^postgres(ql)?:\/\//, 'is not a PostgreSQL address (postgres://…)')
    .describe('PostgreSQL database, with the role of accounts.'),
  MUSTER_IDENTITY_PUBLIC_KEY: publicKey.describe('Public key of the router, which alone may call.'),
  ACCOUNTS_HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  ACCOUNTS_PORT: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a port')
    .min(0, 'is not a port')
    .max(65_535, 'is not a port')
    .default(4401)
    .describe('Port to listen on; 0 takes a free one.'),
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
  MUSTER_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least important entries that are logged.'),
} as const;

/** Everything that the process of accounts can be told. */
export type AccountsConfig = Awaited<ReturnType<typeof readConfig>>;

/** The configuration in environment variables, or a ConfigError with everything that is wrong with it. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return loadConfig(shape, env);
}
