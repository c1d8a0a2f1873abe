import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@muster/kit/log';
import { compose } from '@muster/schema/compose';
import { expect, test } from 'vitest';
import { inProcessLink } from './links/in-process-link.ts';
import { startRouter } from './router.ts';
import { codesOf, post, RawSocket, socketClient, subscribe, until } from './testing/clients.ts';
import { FixtureWorld, fixtureServices } from './testing/graph.ts';
import { startFixture } from './testing/start-fixture.ts';

const log = createLog({ level: 'silent' });

function composeFixture(without = '') {
  const services = fixtureServices(new FixtureWorld());
  const named = services.map(({ name, sdl }) => ({
    name,
    sdl: sdl.replace(without, ''),
    routingUrl: 'http://x.invalid/',
  }));
  return { services, supergraph: compose(named).supergraph };
}

test('follows its supergraph file, refuses a broken one, and keeps subscriptions through both', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-router-'));
  const file = join(folder, 'supergraph.graphql');
  const whole = composeFixture().supergraph;
  const write = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  write(composeFixture('requestId: String @tag(name: "public")').supergraph);
  await using fixture = await startFixture({ supergraph: { file, isWatched: true } });
  const { url } = fixture.router;
  const ask = () => post(url, { query: '{ requestId }' });
  const events = subscribe(socketClient(url, 'ada-token'), 'subscription { deviceChanged { sequence } }');
  const first = events.next();
  await until(() => fixture.world.opened.length === 1);
  expect((await ask()).status).toBe(400);

  write(whole);
  await until(async () => (await ask()).status === 200);
  write('type Query { broken');
  write(whole.replaceAll('"racks"', '"unknown"'));
  await new Promise(resolve => setTimeout(resolve, 300));
  expect((await ask()).status).toBe(200);

  write(
    whole.replace(
      /requestId: String @join__field\(graph: FLEET\) @tag\(name: "public"\)/,
      'requestId: String @join__field(graph: FLEET) @authenticated',
    ),
  );
  await until(async () => (await ask()).status === 401);
  fixture.world.change('d1', 7);
  expect((await first).data).toEqual({ deviceChanged: { sequence: 7 } });
  rmSync(folder, { recursive: true });
});

test('does not start with a supergraph that names a service it was not given', async () => {
  const { services, supergraph } = composeFixture();
  const links = services.slice(0, 2).map(service => inProcessLink(service, log));
  const options = { host: '127.0.0.1', port: 0, introspection: true, log };

  const started = startRouter({
    ...options,
    supergraph: { sdl: supergraph },
    services: new Map(links.map(link => [link.name, link])),
  });

  await expect(started).rejects.toThrow('The supergraph names racks, which the router was not given.');
});

test('does not start on a port that is taken', async () => {
  await using fixture = await startFixture();

  await expect(startFixture({ port: fixture.router.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('finishes what is in flight over HTTP and sockets before it ends, and sends sockets away to come back', async () => {
  const fixture = await startFixture();
  const { world, router } = fixture;
  const http = post(router.url, { query: '{ slow }' });
  const socket = new RawSocket(router.url);
  await socket.init();
  socket.send({ id: '1', type: 'subscribe', payload: { query: '{ slow }' } });
  await until(() => world.slow.length === 2);

  const stopping = fixture[Symbol.asyncDispose]();
  await until(() =>
    post(router.url, { query: '{ requestId }' }).then(
      () => false,
      () => true,
    ),
  );
  for (const release of world.slow) release();

  expect((await http).data).toEqual({ slow: 'done' });
  expect(await socket.closed).toEqual({ code: 1012, reason: 'Service restart' });
  expect(socket.messages).toContainEqual({ id: '1', type: 'next', payload: { data: { slow: 'done' } } });
  expect(socket.messages).toContainEqual({ id: '1', type: 'complete' });
  await stopping;
});

test('ends in time where an operation never does, and disposing of it twice is disposing of it once', async () => {
  const fixture = await startFixture({ tuning: { drainMs: 200 } });
  const http = post(fixture.router.url, { query: '{ slow }' }).catch(() => 'cut');
  await until(() => fixture.world.slow.length === 1);
  const started = performance.now();

  await Promise.all([fixture.router[Symbol.asyncDispose](), fixture.router[Symbol.asyncDispose]()]);

  expect(performance.now() - started).toBeLessThan(1_500);
  expect(await http).toBe('cut');
});

test('tells health by name of service', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const get = async (path: string) => {
    const response = await fetch(new URL(path, fixture.router.url));
    return [response.status, await response.text()];
  };

  expect(await get('/healthz')).toEqual([200, 'ok']);
  expect(await get('/readyz')).toEqual([
    200,
    '{"isReady":true,"services":{"accounts":true,"fleet":true,"racks":true}}',
  ]);
  await fixture.served.get('racks')?.[Symbol.asyncDispose]();
  expect(await get('/readyz')).toEqual([
    503,
    '{"isReady":false,"services":{"accounts":true,"fleet":true,"racks":false}}',
  ]);
});

test('logs one line for each operation, with who and how it ended, and no secrets', async () => {
  const lines: Record<string, unknown>[] = [];
  const capture = { ...log, info: (facts: Record<string, unknown>) => lines.push(facts) } as unknown as typeof log;
  await using fixture = await startFixture({ log: capture });

  const answer = await post(fixture.router.url, { query: 'query Own { viewer { name } }', token: 'ada-token' });
  const denied = await post(fixture.router.url, { query: 'query Denied { devices { id } }' });

  expect(codesOf(denied)).toEqual(['UNAUTHENTICATED']);
  expect(lines).toEqual([
    {
      requestId: answer.headers.get('x-request-id'),
      operationName: 'Own',
      viewer: { kind: 'USER', id: 'ada' },
      ms: expect.any(Number),
    },
    expect.objectContaining({
      operationName: 'Denied',
      viewer: { kind: 'ANONYMOUS', id: '' },
      errors: ['UNAUTHENTICATED'],
    }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('ada-token');
});
