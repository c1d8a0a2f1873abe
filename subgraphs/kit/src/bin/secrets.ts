// Makes what is secret to each part of an installation, once: `secrets.js [--renew-identity] SERVICE…`.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JWK } from 'jose';
import { generateIdentityKeys } from '../auth/identity.ts';
import { runProcess } from '../run-process.ts';
import { keepSecret, replaceSecret } from '../secret-files.ts';
import { readSecretsConfig } from './config.ts';

/** The database server runs as a user of its own, which must read it too. */
const FOR_EVERY_USER = 0o444;

await runProcess(async () => {
  const options = { 'renew-identity': { type: 'boolean' } } as const;
  const { values, positionals: services } = parseArgs({ options, allowPositionals: true });
  const inside = (...path: string[]): string => join(readSecretsConfig().MUSTER_SECRETS_DIR, ...path);

  await keepSecret(inside('master', 'secret-key'), randomSecret);
  await keepSecret(inside('postgres', 'password'), randomSecret, FOR_EVERY_USER);
  const privateKey = inside('router', 'identity-private.jwk');
  if (values['renew-identity']) await rm(privateKey, { force: true });
  const { d: _, ...publicJwk } = JSON.parse(await keepSecret(privateKey, newPrivateKey)) as JWK;
  // written every time: a run that was broken off before this line left services with no key, or with the old one
  for (const service of services)
    await replaceSecret(inside(service, 'identity-public.jwk'), JSON.stringify(publicJwk));
  console.log('The secrets are in place.');
});

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

async function newPrivateKey(): Promise<string> {
  return JSON.stringify((await generateIdentityKeys()).privateJwk);
}
