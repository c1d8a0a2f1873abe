import { expect, test } from 'vitest';
import { RawSocket, socketClient, subscribe, until } from './testing/clients.ts';
import { type Fixture, type FixtureMode, startFixture } from './testing/start-fixture.ts';

const PLAIN = 'subscription { deviceChanged { sequence device { id hostname } } }';
const OUTPUT = 'subscription ($after: Int) { output(after: $after) { sequence text } }';

const counting = (count: number, from = 1) => Array.from({ length: count }, (_, index) => index + from);

async function reader(fixture: Fixture, query: string, variables = {}): Promise<RawSocket> {
  const socket = new RawSocket(fixture.router.url);
  await socket.init({ token: 'ada-token' });
  socket.send({ id: '1', type: 'subscribe', payload: { query, variables } });
  return socket;
}

/** What came in `next` messages under the field's key, in order. */
function sequencesOf(socket: RawSocket, field: string): unknown[] {
  return socket.messages
    .filter(({ type }) => type === 'next')
    .map(({ payload }) => (payload as { data: Record<string, { sequence: number }> }).data[field]?.sequence);
}

test('cuts a slow subscriber of a shared source with LIMIT_EXCEEDED and serves the others', async () => {
  await using fixture = await startFixture({ tuning: { queueLimit: 50 } });
  const { world, router } = fixture;
  world.devices.set('d1', { id: 'd1', hostname: 'x'.repeat(50_000), siteId: 's1' });
  const slow = await reader(fixture, PLAIN);
  await until(() => world.opened.length === 1);
  const quick = subscribe(socketClient(router.url, 'ada-token'), PLAIN);
  let next = quick.next();
  // the second joins the first one's source, which nothing shows from outside but its first event
  const shout = setInterval(() => world.change('d1', 0), 10);
  await next;
  clearInterval(shout);

  slow.socket.pause();
  const received: unknown[] = [];
  for (const sequence of counting(600)) {
    next = quick.next();
    world.change('d1', sequence);
    let event = await next;
    while (event.data?.deviceChanged?.sequence === 0) event = await quick.next();
    received.push(event.data?.deviceChanged?.sequence);
  }
  slow.socket.resume();

  const end = await slow.find(({ type }) => type === 'error');
  expect(world.opened).toHaveLength(1);
  expect(received).toEqual(counting(600));
  expect(end).toMatchObject({ id: '1', payload: [{ extensions: { code: 'LIMIT_EXCEEDED', isRetriable: false } }] });
  expect(slow.socket.readyState).toBe(slow.socket.OPEN);
  slow.socket.terminate();
});

test.each<FixtureMode>(['in-process', 'remote'])(
  'pauses the source of a replaying subscription while its reader does not read, and loses nothing, %s',
  async mode => {
    await using fixture = await startFixture({ mode, tuning: { queueLimit: 50 } });
    const { world } = fixture;
    const count = 4_000;
    for (const _ of counting(count)) world.write('x'.repeat(8_000));
    const slow = await reader(fixture, OUTPUT, { after: 0 });
    await slow.find(({ type }) => type === 'next');

    slow.socket.pause();
    let before = -1;
    // the buffers of the sockets between are filled first
    await until(async () => {
      if (before === world.taken) return true;
      before = world.taken;
      await new Promise(resolve => setTimeout(resolve, 300));
      return false;
    });
    expect(world.taken).toBeLessThan(count);
    slow.socket.resume();

    await until(() => sequencesOf(slow, 'output').length >= count, 15_000);
    expect(sequencesOf(slow, 'output')).toEqual(counting(count));
    slow.socket.terminate();
  },
);

test('goes on after the last event when the service of a replaying subscription was killed and is back', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const { world } = fixture;
  for (const n of counting(5)) world.write(`line ${n}`);
  const socket = await reader(fixture, 'subscription { out: output(after: 2) { text } }');
  await until(() => socket.messages.length === 4);

  await fixture.served.get('fleet')?.[Symbol.asyncDispose]();
  for (const n of counting(3, 6)) world.write(`line ${n}`);
  await fixture.restart('fleet');
  await until(() => socket.messages.length >= 7);
  world.write('line 9');
  await until(() => socket.messages.length >= 8);

  expect(world.opened).toHaveLength(2);
  expect(socket.messages.slice(1)).toEqual(
    counting(7, 3).map(n => ({ id: '1', type: 'next', payload: { data: { out: { text: `line ${n}` } } } })),
  );
  socket.socket.terminate();
});

test('tells at once that a source was lost and is back, also on a quiet topic', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const socket = await reader(fixture, PLAIN);
  await until(() => fixture.world.opened.length === 1);

  await fixture.served.get('fleet')?.[Symbol.asyncDispose]();
  await fixture.restart('fleet');

  expect(await socket.find(({ type }) => type === 'ping')).toEqual({ type: 'ping', payload: { resumed: ['1'] } });
  await until(() => fixture.world.opened.length === 2);
  fixture.world.change('d1', 1);
  expect(await socket.find(({ type }) => type === 'next')).toMatchObject({
    payload: { extensions: { resumed: true } },
  });
  socket.socket.terminate();
});
