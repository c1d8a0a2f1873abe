import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createIdentitySigner, generateIdentityKeys } from '@muster/kit/auth/identity';
import { anonymousViewer } from '@muster/kit/auth/viewer';
import { expect, test } from 'vitest';
import { administrator, createAccountsDatabase } from '../testing/accounts.ts';

const script = new URL('serve.ts', import.meta.url).pathname;
const { privateJwk, publicJwk } = await generateIdentityKeys();

test('serves, signs the first administrator in, and ends with 0 when told to', async () => {
  await using database = await createAccountsDatabase();
  await using accounts = start({ ...environment, ACCOUNTS_DATABASE_URL: database.url });

  const url = /listens on (\S+)/.exec(await accounts.line())?.[1] ?? '';
  const secret = /^Set-up: http:\/\/localhost:4400\/setup#secret=(\S+)$/.exec(await accounts.line())?.[1] ?? '';
  const ready = await fetch(new URL('/readyz', url));
  const answer = await completeSetup(url, secret);
  const stranger = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  accounts.child.kill('SIGTERM');

  expect(ready.status).toBe(200);
  expect(answer.headers.get('x-muster-session')).toBeTruthy();
  expect(await answer.json()).toMatchObject({
    data: { completeSetup: { viewer: { user: { email: administrator.email } } } },
  });
  expect(stranger.status).toBe(401);
  expect(await accounts.code).toBe(0);
});

test('ends with 78 and all problems when its configuration is wrong', async () => {
  await using accounts = start({ ACCOUNTS_PORT: 'many' });

  expect(await accounts.code).toBe(78);
  expect(await accounts.errors).toMatch(
    /ACCOUNTS_DATABASE_URL: is missing[\s\S]*MUSTER_IDENTITY_PUBLIC_KEY: is missing[\s\S]*ACCOUNTS_PORT: is not a number/,
  );
});

test('ends with 1 and one line when the database does not answer', async () => {
  await using accounts = start({ ...environment, ACCOUNTS_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });

  expect(await accounts.code).toBe(1);
  expect(await accounts.errors).toBe('The database of accounts does not answer (ECONNREFUSED).\n');
});

const environment = {
  MUSTER_IDENTITY_PUBLIC_KEY: JSON.stringify(publicJwk),
  ACCOUNTS_PORT: '0',
  MUSTER_LOG_LEVEL: 'silent',
};

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

async function completeSetup(url: string, secret: string): Promise<Response> {
  const signer = await createIdentitySigner(privateJwk);
  const identity = await signer.sign('accounts', { viewer: anonymousViewer, requestId: 'r1' });
  const query = 'mutation ($input: CompleteSetupInput!) { completeSetup(input: $input) { viewer { user { email } } } }';
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-muster-identity': identity },
    body: JSON.stringify({ query, variables: { input: { ...administrator, secret } } }),
  });
}
