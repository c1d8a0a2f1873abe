import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createIdentitySigner, generateIdentityKeys } from '@muster/kit/auth/identity';
import { provisionDatabase } from '@muster/kit/database/provision';
import { createTestDatabase } from '@muster/kit/testing/postgres';
import { expect, onTestFinished, test } from 'vitest';
import { anOperator } from '../testing/fleet.ts';

const script = new URL('serve.ts', import.meta.url).pathname;
const { privateJwk, publicJwk } = await generateIdentityKeys();
const environment = {
  MUSTER_SECRET_KEY: 'a master secret of some length !',
  MUSTER_IDENTITY_PUBLIC_KEY: JSON.stringify(publicJwk),
  FLEET_PORT: '0',
  MUSTER_LOG_LEVEL: 'silent',
};

function start(env: Record<string, string>) {
  const loader = import.meta.resolve('@oxc-node/core/register');
  const child = spawn(process.execPath, ['--conditions=source', '--import', loader, script], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    code: once(child, 'close').then(([code]) => code as number),
    errors: child.stderr.toArray().then(parts => parts.map(String).join('')),
    line: async () => String((await lines.next()).value),
  };
}

async function ask(url: string, query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

test('serves the router and nobody else, and ends with 0 when told to', async () => {
  await using database = await createTestDatabase('fleet');
  const provisioned = await provisionDatabase(database.url, ['fleet'], () => 'fleet-test-password');
  const fleet = start({ ...environment, FLEET_DATABASE_URL: provisioned.get('fleet')?.url ?? '' });

  const url = /listens on (\S+)/.exec(await fleet.line())?.[1] ?? '';
  const ready = await fetch(new URL('/readyz', url));
  const signer = await createIdentitySigner(privateJwk);
  const identity = await signer.sign('fleet', { viewer: anOperator(), requestId: 'r1' });
  const answer = await ask(url, '{ devices { nodes { id } } }', { 'x-muster-identity': identity });
  const stranger = await ask(url, '{ devices { nodes { id } } }');
  fleet.child.kill('SIGTERM');

  expect(ready.status).toBe(200);
  expect(await answer.json()).toEqual({ data: { devices: { nodes: [] } } });
  expect(stranger.status).toBe(401);
  expect(await fleet.code).toBe(0);
});

test('ends with 78 where its configuration is wrong, and with 1 where the database does not answer', async () => {
  const wrong = start({ FLEET_PORT: 'many' });
  const alone = start({ ...environment, FLEET_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });

  expect(await wrong.code).toBe(78);
  expect(await alone.code).toBe(1);
  expect(await alone.errors).toBe('The database of fleet does not answer (ECONNREFUSED).\n');
});
