import { anonymousViewer } from '@muster/kit/auth/viewer';
import { expect, test } from 'vitest';
import { codesOf, socketClient, subscribe, until } from './testing/clients.ts';
import { ada, type Fixture, type FixtureMode, startFixture } from './testing/start-fixture.ts';

const JOINED =
  'subscription { deviceChanged { sequence device { hostname label rack { name } site { name organization { name } } } } }';
const PLAIN = 'subscription { deviceChanged { sequence device { id hostname } } }';
const OUTPUT = 'subscription ($after: Int) { output(after: $after) { sequence text } }';

const opened = (fixture: Fixture, count: number) => until(() => fixture.world.opened.length === count);

test.each<FixtureMode>(['in-process', 'remote'])('joins each event over two other services, %s', async mode => {
  await using fixture = await startFixture({ mode });
  const events = subscribe(socketClient(fixture.router.url, 'ada-token'), JOINED);
  const first = events.next();
  await opened(fixture, 1);

  fixture.world.change('d1', 1);

  expect(await first).toEqual({
    data: {
      deviceChanged: {
        sequence: 1,
        device: {
          hostname: 'host-d1',
          label: '<host-d1>',
          rack: { name: 'rack of d1' },
          site: { name: 'site s1', organization: { name: 'organization o1' } },
        },
      },
    },
  });
});

test('keeps the order of events whose joins run side by side', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const events = subscribe(socketClient(fixture.router.url, 'ada-token'), JOINED);
  const first = events.next();
  await opened(fixture, 1);

  for (let sequence = 1; sequence <= 200; sequence += 1) fixture.world.change('d1', sequence);

  const sequences = [(await first).data?.deviceChanged?.sequence];
  while (sequences.length < 200) sequences.push((await events.next()).data?.deviceChanged?.sequence);
  expect(sequences).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
});

test('opens one source for 200 subscribers, and closes it with the last of them', async () => {
  await using fixture = await startFixture();
  const clients = Array.from({ length: 20 }, () => socketClient(fixture.router.url, 'ada-token'));
  const subscribers = clients.flatMap(client => Array.from({ length: 10 }, () => subscribe(client, PLAIN)));
  const firsts = subscribers.map(subscriber => subscriber.next());
  const shout = setInterval(() => fixture.world.change('d1', 1), 20);
  const answers = await Promise.all(firsts);
  clearInterval(shout);

  expect(answers).toHaveLength(200);
  expect(fixture.world.opened).toHaveLength(1);
  expect(fixture.router.openSubscriptions).toBe(1);

  for (const client of clients) await client.dispose();
  await until(() => fixture.world.bus.topicCount === 0);
  expect(fixture.router.openSubscriptions).toBe(0);
});

test('never shares a source between callers who see different data', async () => {
  await using fixture = await startFixture();
  const { world, router } = fixture;
  world.addSession('other-scope', { ...ada, scope: { kind: 'ORGANIZATIONS', ids: ['o2'] } });
  world.addSession('other-rights', { ...ada, permissions: ['device:read'] });
  world.addSession('same-sight', { ...ada, id: 'grace' });
  for (const token of ['ada-token', 'other-scope', 'other-rights', 'same-sight'])
    void subscribe(socketClient(router.url, token), PLAIN)
      .next()
      .catch(() => {});

  await opened(fixture, 3);
  await until(() => router.openSubscriptions === 3);

  expect(new Set(world.opened.map(viewer => JSON.stringify([viewer.scope, viewer.permissions]))).size).toBe(3);
});

test('gives every subscriber of a replaying subscription, and every device, a source of its own', async () => {
  await using fixture = await startFixture();
  fixture.world.addSession('device', { ...anonymousViewer, kind: 'DEVICE', id: 'd1', permissions: ['agent:report'] });
  for (const token of ['ada-token', 'ada-token'])
    void subscribe(socketClient(fixture.router.url, token), OUTPUT)
      .next()
      .catch(() => {});
  for (const token of ['device', 'device'])
    void subscribe(socketClient(fixture.router.url, token), 'subscription { signals { kind } }')
      .next()
      .catch(() => {});

  await opened(fixture, 4);
});

test('resumes by itself and says so when the owning service was killed and is back', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const events = subscribe(socketClient(fixture.router.url, 'ada-token'), JOINED);
  const first = events.next();
  await opened(fixture, 1);
  fixture.world.change('d1', 1);
  expect((await first).extensions).toBeUndefined();

  await fixture.served.get('fleet')?.[Symbol.asyncDispose]();
  await fixture.restart('fleet');
  const second = events.next();
  await opened(fixture, 2);
  fixture.world.change('d1', 2);
  const third = second.then(() => events.next());
  await second;
  fixture.world.change('d1', 3);

  expect(await second).toMatchObject({ data: { deviceChanged: { sequence: 2 } }, extensions: { resumed: true } });
  expect((await third).extensions).toBeUndefined();
});

test('makes the field of a joined service that is down null, with one masked error', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const events = subscribe(
    socketClient(fixture.router.url, 'ada-token'),
    'subscription { deviceChanged { sequence device { hostname rack { name } } } }',
  );
  const first = events.next();
  await opened(fixture, 1);
  const port = fixture.served.get('racks')?.port;
  await fixture.served.get('racks')?.[Symbol.asyncDispose]();

  fixture.world.change('d1', 1);

  const event = await first;
  expect(event.data).toEqual({ deviceChanged: { sequence: 1, device: { hostname: 'host-d1', rack: null } } });
  expect(event.errors).toEqual([
    {
      message: 'The service racks does not answer.',
      path: ['deviceChanged', 'device'],
      extensions: { code: 'SERVICE_UNAVAILABLE', isRetriable: true, service: 'racks' },
    },
  ]);
  expect(JSON.stringify(event)).not.toContain(String(port));
});

test('ends subscriptions of a service that stays away', async () => {
  await using fixture = await startFixture({ mode: 'remote', retryForMs: 300 });
  await fixture.served.get('fleet')?.[Symbol.asyncDispose]();
  const events = subscribe(socketClient(fixture.router.url, 'ada-token'), PLAIN);

  await expect(events.next()).rejects.toMatchObject([
    { message: 'The service fleet does not answer.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
  ]);
  expect(fixture.router.openSubscriptions).toBe(0);
});

test('refuses wrong variables of a subscription as malformed input', async () => {
  await using fixture = await startFixture();
  const client = socketClient(fixture.router.url, 'ada-token');

  const events = subscribe(client, OUTPUT, { after: 'soon' });

  await expect(events.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('answers a subscription over HTTP with where to find it', async () => {
  await using fixture = await startFixture();

  const response = await fetch(fixture.router.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ada-token' },
    body: JSON.stringify({ query: PLAIN }),
  });

  const answer = (await response.json()) as never;
  expect(response.status).toBe(400);
  expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  expect(JSON.stringify(answer)).toContain('graphql-transport-ws');
});
