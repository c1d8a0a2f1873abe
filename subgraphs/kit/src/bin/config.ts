import { z } from 'zod';
import { loadConfig } from '../config.ts';
import { masterSecret } from '../service-settings.ts';

const secretsDirectory = z
  .string()
  .default('/secrets')
  .describe('Holds one folder per service, with what is secret to it.');

/** What the step that makes the secrets can be told. */
export const secretsShape = { MUSTER_SECRETS_DIR: secretsDirectory } as const;

/** What the step that prepares the database can be told. */
export const provisionShape = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'is not a PostgreSQL address (postgres://…)' })
    .describe('PostgreSQL database, with a user who may create roles.'),
  DATABASE_PASSWORD: z.string().optional().describe('Password of that user, where the address has none.'),
  MUSTER_SECRET_KEY: masterSecret,
  MUSTER_SECRETS_DIR: secretsDirectory,
} as const;

/** What the health check of an image can be told. */
export const healthShape = {
  MUSTER_HEALTH_URL: z
    .string()
    .default('http://127.0.0.1:4400/healthz')
    .describe('What the health check of the container asks.'),
} as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The settings of the step that makes the secrets, or a ConfigError with everything that is wrong with them. */
export function readSecretsConfig(env: Env = process.env) {
  return loadConfig(secretsShape, env);
}

/** The settings of the step that prepares the database, or a ConfigError with everything that is wrong with them. */
export function readProvisionConfig(env: Env = process.env) {
  const config = loadConfig(provisionShape, env);
  const url = new URL(config.DATABASE_URL);
  if (config.DATABASE_PASSWORD !== undefined) url.password = encodeURIComponent(config.DATABASE_PASSWORD);
  return { ...config, DATABASE_URL: url.href };
}
