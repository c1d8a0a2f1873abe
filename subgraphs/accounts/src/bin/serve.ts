import { createIdentityVerifier } from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { runProcess, untilStopped } from '@muster/kit/run-process';
import { serve } from '@muster/kit/serve';
import { type AccountsConfig, readConfig } from '../config.ts';
import { startAccounts } from '../main.ts';

await runProcess(() => run(readConfig()));

async function run(config: AccountsConfig): Promise<void> {
  const stopped = untilStopped();
  const log = createLog({ level: config.MUSTER_LOG_LEVEL, service: 'accounts' });
  const verify = await createIdentityVerifier(config.MUSTER_IDENTITY_PUBLIC_KEY, 'accounts');
  await using accounts = await startAccounts({
    databaseUrl: config.ACCOUNTS_DATABASE_URL,
    log,
    publicUrl: config.MUSTER_PUBLIC_URL,
    setupSecret: config.ACCOUNTS_SETUP_SECRET,
    sessionLimits: {
      browserIdleSeconds: config.ACCOUNTS_SESSION_IDLE_SECONDS,
      browserSeconds: config.ACCOUNTS_SESSION_SECONDS,
      cliSeconds: config.ACCOUNTS_CLI_SESSION_SECONDS,
    },
  });
  await using served = await serve(accounts, { host: config.ACCOUNTS_HOST, port: config.ACCOUNTS_PORT, verify, log });
  console.log(`accounts listens on ${served.url}`);
  const { secret } = accounts.setup;
  if (secret)
    console.log(`Set-up: ${new URL('/setup', config.MUSTER_PUBLIC_URL)}#secret=${encodeURIComponent(secret)}`);
  await stopped;
}
