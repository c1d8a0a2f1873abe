import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@muster/kit/postgres/embedded';
import { expect, test } from 'vitest';
import { onlineDevice, runCommand } from './support/commands.ts';
import { administrator, GraphCaller, setUp } from './support/graph.ts';
import { processesMentioning } from './support/processes.ts';
import { freePort, newFolder, runStack, startStackProcess } from './support/stack-process.ts';

const env = { MUSTER_UI: 'off' };
const LOG_IN =
  'mutation ($input: LogInInput!) { logIn(input: $input) { ... on LoggedIn { token viewer { user { name } } } } }';

test('Ctrl-C ends everything within five seconds, also in the middle of a command, and the next start finds its data', async () => {
  await using stack = await startStackProcess({ hasAgent: true, env });
  await using ada = await setUp(stack);
  const deviceId = await onlineDevice(ada);
  await runCommand(ada, { deviceId, script: `sleep 200 # ${stack.dataDirectory}` });
  const began = performance.now();

  expect(await stack.stop('SIGINT')).toBe(0);

  expect(performance.now() - began).toBeLessThan(5_000);
  expect(processesMentioning(stack.dataDirectory)).toEqual([]);
  await stack.start();
  expect(stack.output).not.toContain('/setup#secret=');
  await using anybody = new GraphCaller(stack.url);
  const { logIn } = await anybody.data<{ logIn: { viewer: { user: { name: string } } } }>(LOG_IN, {
    input: { email: administrator.email, password: administrator.password, clientKind: 'CLI' },
  });
  expect(logIn.viewer.user.name).toBe(administrator.name);
  expect(await onlineDevice(ada)).toBe(deviceId);
});

test('with DATABASE_URL it stands on that server and starts none', async () => {
  const directory = await newFolder('external');
  await using external = await startEmbeddedPostgres({ directory });
  await using stack = await startStackProcess({ env: { ...env, DATABASE_URL: external.url('postgres') } });

  await using ada = await setUp(stack);

  expect(await ada.data('{ viewer { kind } }')).toEqual({ viewer: { kind: 'USER' } });
  expect(readdirSync(stack.dataDirectory)).toEqual(['master.secret']);
});

test('a port in use is named and nothing is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const dataDirectory = join(await newFolder('port'), 'data');

  const { code, output } = await runStack({ ...env, MUSTER_PORT: String(port), MUSTER_DATA_DIR: dataDirectory });
  server.close();

  expect(code).toBe(69);
  expect(output).toContain(`CONFLICT: Port ${port} is in use.`);
  expect(() => readdirSync(dataDirectory)).toThrow();
});

test('a database that is away is named without its password', async () => {
  const port = await freePort();
  const { code, output } = await runStack({
    ...env,
    MUSTER_PORT: String(await freePort()),
    MUSTER_DATA_DIR: await newFolder('away'),
    DATABASE_URL: `postgres://ada:pearl@127.0.0.1:${port}/muster`,
  });

  expect(code).toBe(69);
  expect(output).toContain(
    `SERVICE_UNAVAILABLE: The PostgreSQL of DATABASE_URL (127.0.0.1:${port}) cannot be used: nobody listens there.`,
  );
  expect(output).not.toContain('pearl');
});

test('every mistake in the configuration is named at once', async () => {
  const { code, output } = await runStack({
    MUSTER_PORT: 'many',
    MUSTER_SECRET_KEY: 'short',
    DATABASE_URL: 'mysql://x',
  });

  expect(code).toBe(78);
  for (const name of ['MUSTER_PORT', 'MUSTER_SECRET_KEY', 'DATABASE_URL']) expect(output).toContain(name);
});

test('npm start prints the set-up link, and npm passes the end on', async () => {
  const port = await freePort();
  const dataDirectory = await newFolder('npm');
  const npm = spawn('npm', ['start'], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, ...env, MUSTER_PORT: String(port), MUSTER_DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of npm.stdout) {
    output += chunk;
    if (output.includes('Ctrl-C')) break;
  }

  expect(output).toMatch(new RegExp(`^.*http://localhost:${port}/setup#secret=\\S+$`, 'm'));
  npm.kill('SIGTERM');
  const [code] = await once(npm, 'exit');
  expect(code).toBe(0);
  await expect.poll(() => processesMentioning(dataDirectory), { timeout: 5_000 }).toEqual([]);
});
