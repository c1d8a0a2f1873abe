import { loadConfig } from '@muster/kit/config';
import { z } from 'zod';
import { defaultSettings, type FleetSettings } from './settings.ts';

/** The router's public key as the JSON of a JWK. */
const publicKey = z.string({ error: 'is missing: the router’s public key as JSON' }).transform((text, context) => {
  try {
    return z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not an Ed25519 public key in JSON (JWK)' });
    return z.NEVER;
  }
});

const whole = (fallback: number, least = 1) =>
  z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(least, `is at least ${least}`)
    .default(fallback);

const shape = {
  FLEET_DATABASE_URL: z
    .string({ error: 'is missing: the address of the PostgreSQL database, postgres://…' })
    .regex(/^postgres(ql)?:\/\//, 'is not a PostgreSQL address (postgres://…)')
    .describe('PostgreSQL database, with the role of fleet; it carries the bus between replicas as well.'),
  MUSTER_SECRET_KEY: z
    .string({ error: 'is missing: the master secret of the installation' })
    .min(16, 'is shorter than 16 characters')
    .describe('Master secret: seals the key that signs commands, and environment variables of commands.'),
  MUSTER_IDENTITY_PUBLIC_KEY: publicKey.describe('Public key of the router, which alone may call.'),
  FLEET_HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  FLEET_PORT: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a port')
    .min(0, 'is not a port')
    .max(65_535, 'is not a port')
    .default(4402)
    .describe('Port to listen on; 0 takes a free one.'),
  FLEET_OVERDUE_SECONDS: whole(defaultSettings.overdueAfterSeconds, 60).describe(
    'A device that has been away for this long is OVERDUE.',
  ),
  FLEET_PRESENCE_GRACE_SECONDS: whole(defaultSettings.presenceGraceSeconds, 15).describe(
    'Agents of a replica that has vanished count as connected for this long.',
  ),
  FLEET_COMMAND_RETENTION_DAYS: whole(defaultSettings.commandRetentionDays).describe(
    'Ended commands, their output and their jobs are kept for this long.',
  ),
  FLEET_INVENTORY_CHANGE_RETENTION_DAYS: whole(defaultSettings.inventoryChangeRetentionDays).describe(
    'Changes of inventories are kept for this long.',
  ),
  MUSTER_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http address' })
    .default('http://localhost:4400')
    .describe('Address that agents reach; install commands name it.'),
  MUSTER_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least important entries that are logged.'),
} as const;

/** Everything that the process of the fleet can be told. */
export type FleetConfig = Awaited<ReturnType<typeof readConfig>>;

/** The configuration in environment variables, or a ConfigError with everything that is wrong with it. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return loadConfig(shape, env);
}

/** The part of the configuration that the rules obey. */
export function settingsOf(config: FleetConfig): Partial<FleetSettings> {
  return {
    overdueAfterSeconds: config.FLEET_OVERDUE_SECONDS,
    presenceGraceSeconds: config.FLEET_PRESENCE_GRACE_SECONDS,
    commandRetentionDays: config.FLEET_COMMAND_RETENTION_DAYS,
    inventoryChangeRetentionDays: config.FLEET_INVENTORY_CHANGE_RETENTION_DAYS,
  };
}
