import { createIdentityVerifier } from '@muster/kit/auth/identity';
import { openPgBus } from '@muster/kit/bus-pg';
import { AppError } from '@muster/kit/errors';
import { createLog } from '@muster/kit/log';
import { runProcess, untilStopped } from '@muster/kit/run-process';
import { serve } from '@muster/kit/serve';
import { type FleetConfig, readConfig, settingsOf } from '../config.ts';
import { startFleet } from '../main.ts';

await runProcess(() => run(readConfig()));

async function run(config: FleetConfig): Promise<void> {
  const stopped = untilStopped();
  const log = createLog({ level: config.MUSTER_LOG_LEVEL, service: 'fleet' });
  const verify = await createIdentityVerifier(config.MUSTER_IDENTITY_PUBLIC_KEY, 'fleet');
  // replicas wake each other by the database that they share
  await using bus = await openPgBus({ url: config.FLEET_DATABASE_URL, log }).catch(cause => {
    throw new AppError('SERVICE_UNAVAILABLE', `The database of fleet does not answer (${reasonOf(cause)}).`, { cause });
  });
  await using fleet = await startFleet({
    databaseUrl: config.FLEET_DATABASE_URL,
    masterSecret: config.MUSTER_SECRET_KEY,
    publicUrl: config.MUSTER_PUBLIC_URL.replace(/\/$/, ''),
    bus,
    log,
    settings: settingsOf(config),
  });
  await using served = await serve(fleet, { host: config.FLEET_HOST, port: config.FLEET_PORT, verify, log });
  console.log(`fleet listens on ${served.url}`);
  await stopped;
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return String(code ?? message);
}
