import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createIdentitySigner, createIdentityVerifier } from '../auth/identity.ts';
import { anonymousViewer } from '../auth/viewer.ts';
import { createTestDatabase } from '../testing/postgres.ts';
import { query } from '../testing/query.ts';

function newInstallation() {
  const folder = mkdtempSync(join(tmpdir(), 'muster-installation-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8').trim();
  return {
    read,
    run: (program: string, args: string[], env: Record<string, string> = {}) =>
      run(program, args, { MUSTER_SECRETS_DIR: folder, ...env }),
    signer: () => createIdentitySigner(JSON.parse(read('router', 'identity-private.jwk'))),
    verifier: (service: string) => createIdentityVerifier(JSON.parse(read(service, 'identity-public.jwk')), service),
  };
}

async function run(program: string, args: string[], env: Record<string, string>) {
  const script = new URL(`${program}.ts`, import.meta.url).pathname;
  const loader = import.meta.resolve('@oxc-node/core/register');
  const child = spawn(process.execPath, ['--conditions=source', '--import', loader, script, ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (output += part));
  const [code] = await once(child, 'close');
  return { code, output };
}

const call = { viewer: anonymousViewer, requestId: 'r1' };

test('makes the secrets once: each service believes the router, and no service can sign', async () => {
  const installation = newInstallation();

  await installation.run('secrets', ['accounts', 'fleet']);
  const before = installation.read('master', 'secret-key');
  const again = await installation.run('secrets', ['accounts', 'fleet']);
  const token = await (await installation.signer()).sign('fleet', call);

  expect(again).toEqual({ code: 0, output: 'The secrets are in place.\n' });
  expect(installation.read('master', 'secret-key')).toBe(before);
  expect(await (await installation.verifier('fleet'))(token)).toMatchObject(call);
  expect(installation.read('accounts', 'identity-public.jwk')).not.toContain('"d"');
});

test('renews the identity key when asked: what the old one signed is refused', async () => {
  const installation = newInstallation();
  await installation.run('secrets', ['fleet']);
  const old = await (await installation.signer()).sign('fleet', call);

  await installation.run('secrets', ['--renew-identity', 'fleet']);
  const verify = await installation.verifier('fleet');

  await expect(verify(old)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await verify(await (await installation.signer()).sign('fleet', call))).toMatchObject(call);
});

test('prepares the database and hands each service a door of its own, also a second time', async () => {
  await using database = await createTestDatabase();
  const installation = newInstallation();
  const env = { DATABASE_URL: database.url, MUSTER_SECRET_KEY: 'k'.repeat(32) };
  const services = [JSON.stringify({ name: 'accounts', publishes: ['directory'] }), 'fleet'];

  await installation.run('provision', services, env);
  const again = await installation.run('provision', services, env);
  const url = installation.read('fleet', 'database-url');
  await query(installation.read('accounts', 'database-url'), 'create table directory.mine (n int)');

  expect(again).toEqual({ code: 0, output: 'The database is ready for accounts, fleet.\n' });
  expect(await query(url, 'select current_user::text like $1 as mine', ['%fleet'])).toEqual([{ mine: true }]);
  await expect(query(url, 'create table accounts.theirs (n int)')).rejects.toThrow('permission denied');
});

test('says in one line that the server does not answer, or what the configuration lacks', async () => {
  const installation = newInstallation();
  const env = { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/muster', DATABASE_PASSWORD: 'p@ss word' };

  const away = await installation.run('provision', ['fleet'], { ...env, MUSTER_SECRET_KEY: 'k'.repeat(32) });
  const short = await installation.run('provision', ['fleet'], { ...env, MUSTER_SECRET_KEY: 'short' });

  expect(away).toEqual({ code: 1, output: 'The PostgreSQL at 127.0.0.1:1 does not answer.\n' });
  expect(short.code).toBe(78);
  expect(short.output).toContain('MUSTER_SECRET_KEY: has at least 32 characters');
});
