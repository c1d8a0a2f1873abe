import { loadConfig } from '@muster/kit/config';
import {
  databaseUrl,
  identityPublicKey,
  masterSecret,
  serviceHost,
  serviceLogLevel,
  servicePort,
} from '@muster/kit/service-settings';
import { z } from 'zod';
import { defaultSettings, type FleetSettings } from './settings.ts';

const whole = (fallback: number, least = 1) =>
  z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(least, `is at least ${least}`)
    .default(fallback);

/** What the process of fleet can be told, and what it does untold. */
export const fleetShape = {
  FLEET_DATABASE_URL: databaseUrl('fleet'),
  MUSTER_SECRET_KEY: masterSecret,
  MUSTER_IDENTITY_PUBLIC_KEY: identityPublicKey,
  FLEET_HOST: serviceHost,
  FLEET_PORT: servicePort(4402),
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
    .describe('Address that agents call; the install command names it.'),
  MUSTER_LOG_LEVEL: serviceLogLevel,
} as const;

/** Everything that the process of fleet can be told. */
export type FleetConfig = ReturnType<typeof readConfig>;

/** The configuration in environment variables, or a ConfigError with everything that is wrong with it. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return loadConfig(fleetShape, env);
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
