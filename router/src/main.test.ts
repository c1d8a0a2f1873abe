import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIdentityVerifier, generateIdentityKeys } from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { serve } from '@muster/kit/serve';
import { compose } from '@muster/schema/compose';
import { expect, onTestFinished, test } from 'vitest';
import { post } from './testing/clients.ts';
import { FixtureWorld, fixtureServices } from './testing/graph.ts';
import { ada } from './testing/start-fixture.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const REPORT = fileURLToPath(new URL('testing/report-calls.ts', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function run(env: Record<string, string>): Run {
  const flags = ['--conditions=source', '--import', '@oxc-node/core/register', '--import', REPORT];
  const child = spawn(process.execPath, [...flags, MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', part => (text += part));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => text };
}

async function lineOf(started: Run, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(started.output());
    if (found) return found;
    if (started.child.exitCode !== null) throw new Error(started.output());
    await Promise.race([once(started.child.stderr ?? started.child, 'data'), once(started.child, 'exit')]);
  }
}

test('runs as a process of its own over remote services, calls nobody else, and ends with 0 on SIGTERM', async () => {
  const world = new FixtureWorld();
  world.addSession('ada-token', ada);
  const keys = await generateIdentityKeys();
  const services = fixtureServices(world);
  const folder = mkdtempSync(join(tmpdir(), 'muster-main-'));
  const served = await Promise.all(
    services.map(async service => {
      const verify = await createIdentityVerifier(keys.publicJwk, service.name);
      return serve(service, { host: '127.0.0.1', port: 0, verify, log: createLog({ level: 'silent' }) });
    }),
  );
  const urls = services.map(({ name, sdl }, index) => ({ name, sdl, routingUrl: served[index]?.url ?? '' }));
  writeFileSync(join(folder, 'supergraph.graphql'), compose(urls).supergraph);

  const started = run({
    MUSTER_HOST: '127.0.0.1',
    MUSTER_PORT: '0',
    MUSTER_SUPERGRAPH_FILE: join(folder, 'supergraph.graphql'),
    MUSTER_IDENTITY_PRIVATE_KEY: JSON.stringify(keys.privateJwk),
  });
  const [, url = ''] = await lineOf(started, /"url":"([^"]+)"/);
  const answer = await post(url, { query: '{ device(id: "d1") { site { name } } }', token: 'ada-token' });
  started.child.kill('SIGTERM');
  const [code] = await once(started.child, 'exit');

  expect(answer.data).toEqual({ device: { site: { name: 'site s1' } } });
  expect(code).toBe(0);
  expect(started.output()).not.toContain('CALLS');
  for (const one of served) await one[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('ends with 78 and says what is wrong where the configuration is', async () => {
  const started = run({ MUSTER_PORT: 'many' });
  const [code] = await once(started.child, 'exit');

  expect(code).toBe(78);
  expect(started.output()).toContain('MUSTER_IDENTITY_PRIVATE_KEY: is required');
  expect(started.output()).toContain('MUSTER_PORT');
});
