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

/** What the process of fleet can be told, and what it does untold. */
export const fleetShape = {
  FLEET_DATABASE_URL: databaseUrl('fleet'),
  MUSTER_SECRET_KEY: masterSecret,
  MUSTER_IDENTITY_PUBLIC_KEY: identityPublicKey,
  FLEET_HOST: serviceHost,
  FLEET_PORT: servicePort(4402),
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
