import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createIdentitySigner, generateIdentityKeys } from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { compose } from '@muster/schema/compose';
import { expect, onTestFinished, test } from 'vitest';
import { inProcessLink } from './links/in-process-link.ts';
import { remoteLink } from './links/remote-link.ts';
import { startRouter } from './router.ts';
import { codesOf, post, socketClient, subscribe } from './testing/clients.ts';
import { FixtureWorld, fixtureServices } from './testing/graph.ts';
import { ada } from './testing/start-fixture.ts';

const FLEET = fileURLToPath(new URL('testing/serve-fleet.ts', import.meta.url));
const log = createLog({ level: 'silent' });

async function startFleetProcess(publicJwk: object) {
  const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
  const child = spawn(process.execPath, [...flags, FLEET, JSON.stringify(publicJwk)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { child, url: String(line).trim() };
}

test('notices a frozen service: calls end in time, subscriptions are opened again when it thaws', async () => {
  const keys = await generateIdentityKeys();
  const { child, url } = await startFleetProcess(keys.publicJwk);
  const world = new FixtureWorld();
  world.addSession('ada-token', ada);
  const services = fixtureServices(world);
  const signer = await createIdentitySigner(keys.privateJwk);
  const fleet = remoteLink({ name: 'fleet', url, signer, timeoutMs: 500, pingMs: 400, retryForMs: 20_000 });
  const links = services.map(service => (service.name === 'fleet' ? fleet : inProcessLink(service, log)));
  const named = services.map(({ name, sdl }) => ({ name, sdl, routingUrl: `http://${name}.invalid/graphql` }));
  await using router = await startRouter({
    host: '127.0.0.1',
    port: 0,
    supergraph: { sdl: compose(named).supergraph },
    services: new Map(links.map(link => [link.name, link])),
    introspection: true,
    agentDocuments: [],
    log,
  });
  const ask = () => post(router.url, { query: '{ viewer { name } devices { id } }', token: 'ada-token' });
  const events = subscribe(socketClient(router.url, 'ada-token'), 'subscription { deviceChanged { sequence } }');
  await events.next();
  expect((await ask()).data?.devices).toHaveLength(2);

  child.kill('SIGSTOP');
  const started = performance.now();
  const frozen = await ask();
  const waited = performance.now() - started;
  // long enough for a ping to stay without its pong
  await new Promise(resolve => setTimeout(resolve, 1_000));
  child.kill('SIGCONT');
  let event = await events.next();
  while (!event.extensions) event = await events.next();

  expect(codesOf(frozen)).toContain('SERVICE_UNAVAILABLE');
  expect(waited).toBeLessThan(3_000);
  expect(event.extensions).toEqual({ resumed: true });
  expect((await ask()).errors).toBeUndefined();
  events.stop();
});
