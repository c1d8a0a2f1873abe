// Prepares the database and hands each service the address of its own door to it: `provision.js SERVICE…`, where SERVICE
// is a name, or the JSON of ServiceSchemas for one that may do more than have a schema.
import { join } from 'node:path';
import { provisionDatabase, type ServiceSchemas } from '../database/provision.ts';
import { isStoreAway } from '../database/store-away.ts';
import { AppError } from '../errors.ts';
import { runProcess } from '../run-process.ts';
import { createSecretBox } from '../secret-box.ts';
import { replaceSecret } from '../secret-files.ts';
import { readProvisionConfig } from './config.ts';

await runProcess(async () => {
  const config = readProvisionConfig();
  const services = process.argv.slice(2).map(readService);
  const passwords = createSecretBox(config.MUSTER_SECRET_KEY, 'database');
  const databases = await provisionDatabase(config.DATABASE_URL, services, service => passwords.derive(service)).catch(
    cause => {
      throw toStartError(new URL(config.DATABASE_URL).host, cause);
    },
  );
  for (const [service, { url }] of databases)
    await replaceSecret(join(config.MUSTER_SECRETS_DIR, service, 'database-url'), url);
  console.log(`The database is ready for ${[...databases.keys()].join(', ')}.`);
});

function readService(argument: string): string | ServiceSchemas {
  return argument.startsWith('{') ? (JSON.parse(argument) as ServiceSchemas) : argument;
}

function toStartError(host: string, cause: Error & { code?: unknown }): Error {
  if (cause instanceof AppError) return cause;
  if (isStoreAway(cause))
    return new AppError('SERVICE_UNAVAILABLE', `The PostgreSQL at ${host} does not answer.`, { cause });
  if (typeof cause.code === 'string')
    return new AppError('PRECONDITION_FAILED', `The PostgreSQL at ${host} refuses: ${cause.message}.`, { cause });
  return cause;
}
