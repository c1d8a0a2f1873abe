import { createIdentityVerifier } from '@muster/kit/auth/identity';
import { LocalBus } from '@muster/kit/bus';
import { createLog } from '@muster/kit/log';
import { runProcess, untilStopped } from '@muster/kit/run-process';
import { serve } from '@muster/kit/serve';
import { type FleetConfig, readConfig } from '../config.ts';
import { startFleet } from '../main.ts';

await runProcess(() => run(readConfig()));

async function run(config: FleetConfig): Promise<void> {
  const stopped = untilStopped();
  const log = createLog({ level: config.MUSTER_LOG_LEVEL, service: 'fleet' });
  const verify = await createIdentityVerifier(config.MUSTER_IDENTITY_PUBLIC_KEY, 'fleet');
  // within this process only: a second replica would not hear it
  await using bus = new LocalBus();
  await using fleet = await startFleet({
    databaseUrl: config.FLEET_DATABASE_URL,
    masterSecret: config.MUSTER_SECRET_KEY,
    publicUrl: config.MUSTER_PUBLIC_URL.replace(/\/$/, ''),
    bus,
    log,
  });
  await using served = await serve(fleet, { host: config.FLEET_HOST, port: config.FLEET_PORT, verify, log });
  console.log(`fleet listens on ${served.url}`);
  await stopped;
}
