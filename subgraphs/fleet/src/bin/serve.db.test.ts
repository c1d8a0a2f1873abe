import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createIdentitySigner, generateIdentityKeys } from '@muster/kit/auth/identity';
import { provisionDatabase } from '@muster/kit/database/provision';
import { createTestDatabase } from '@muster/kit/testing/postgres';
import { expect, test } from 'vitest';
import { anOperator } from '../testing/fleet.ts';

const script = new URL('serve.ts', import.meta.url).pathname;
const { privateJwk, publicJwk } = await generateIdentityKeys();

test('serves, answers the router only, and ends with 0 when told to', async () => {
  await using database = await createTestDatabase('fleet');
  const url = (await provisionDatabase(database.url, ['fleet'], () => 'pw')).get('fleet')?.url ?? '';
  await using fleet = start({ ...environment, FLEET_DATABASE_URL: url });

  const address = /^fleet listens on (\S+)$/.exec(await fleet.line())?.[1] ?? '';
  const ready = await fetch(new URL('/readyz', address));
  const known = await ask(address, await identity());
  const stranger = await ask(address);
  fleet.child.kill('SIGTERM');

  expect(ready.status).toBe(200);
  expect(await known.json()).toEqual({ data: { devices: { totalCount: 0 } } });
  expect(stranger.status).toBe(401);
  expect(await fleet.code).toBe(0);
});

test('ends with 78 and all problems when its configuration is wrong', async () => {
  await using fleet = start({ FLEET_PORT: 'many' });

  expect(await fleet.code).toBe(78);
  expect(await fleet.errors).toMatch(/FLEET_DATABASE_URL: is missing[\s\S]*FLEET_PORT: is not a number/);
});

test('ends with 1 and one line when the database does not answer', async () => {
  await using fleet = start({ ...environment, FLEET_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });

  expect(await fleet.code).toBe(1);
  expect(await fleet.errors).toBe('The database of fleet does not answer (ECONNREFUSED).\n');
});

const environment = {
  MUSTER_IDENTITY_PUBLIC_KEY: JSON.stringify(publicJwk),
  MUSTER_SECRET_KEY: randomUUID(),
  FLEET_PORT: '0',
  MUSTER_LOG_LEVEL: 'silent',
};

async function identity(): Promise<Record<string, string>> {
  const signer = await createIdentitySigner(privateJwk);
  return { 'x-muster-identity': await signer.sign('fleet', { viewer: anOperator(), requestId: 'r1' }) };
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = '{"query":"{ devices { totalCount } }"}';
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

function start(env: Record<string, string>) {
  const loader = import.meta.resolve('@oxc-node/core/register');
  const child = spawn(process.execPath, ['--conditions=source', '--import', loader, script], { env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const code = once(child, 'close').then(([exitCode]) => exitCode as number);
  return {
    child,
    code,
    errors: textOf(child),
    line: async () => String((await lines.next()).value),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await code;
    },
  };
}

async function textOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  return (await child.stderr.toArray()).map(String).join('');
}
