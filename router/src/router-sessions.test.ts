import { anonymousViewer } from '@muster/kit/auth/viewer';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { codesOf, post, RawSocket, socketClient, subscribe, until } from './testing/clients.ts';
import { ada, type FixtureMode, startFixture } from './testing/start-fixture.ts';

const LOG_IN = 'mutation ($kind: ClientKind) { logIn(input: { clientKind: $kind }) { token } }';
const LOG_OUT = 'mutation { logOut { viewer { kind } } }';
const VIEWER = '{ viewer { kind name } }';
const cookie = { cookie: 'other=1; __Host-muster=ada-token' };

test.each<FixtureMode>(['in-process', 'remote'])(
  'gives a browser its session as a cookie that holds for HTTP and sockets, %s',
  async mode => {
    await using fixture = await startFixture({ mode });
    const { url } = fixture.router;

    const logIn = await post(url, { query: LOG_IN });
    const [pair = '', ...attributes] = (logIn.headers.get('set-cookie') ?? '').split('; ');
    const viewer = await post(url, { query: VIEWER, headers: { cookie: pair } });
    const socket = new RawSocket(url, { cookie: pair });
    await socket.init();
    socket.send({ id: '1', type: 'subscribe', payload: { query: VIEWER } });
    const next = await socket.find(({ type }) => type === 'next');
    socket.socket.close();

    expect(pair).toBe('__Host-muster=ada-token');
    expect(attributes).toEqual([expect.stringMatching(/^Expires=/), 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']);
    expect(logIn.data).toEqual({ logIn: { token: null } });
    expect(viewer.data).toEqual({ viewer: { kind: 'USER', name: 'Ada' } });
    expect(next).toMatchObject({ payload: { data: { viewer: { name: 'Ada' } } } });
  },
);

test('sets no cookie for a command-line client', async () => {
  await using fixture = await startFixture();

  const logIn = await post(fixture.router.url, { query: LOG_IN, variables: { kind: 'CLI' } });

  expect(logIn.headers.get('set-cookie')).toBeNull();
  expect(logIn.data).toEqual({ logIn: { token: 'ada-token' } });
});

test('says so where a browser would drop the cookie, because the host is remote and the line is plain', async () => {
  await using fixture = await startFixture({ mode: 'remote', trustedProxies: ['127.0.0.0/8'] });
  const { port } = fixture.router;
  const at = (host: string, headers = {}) => rawPost(port, { host, ...headers });

  const plain = await at('rmm.example:4400');
  const proxied = await at('rmm.example', { 'x-forwarded-proto': 'https' });

  expect(plain).toContain('PRECONDITION_FAILED');
  expect(plain).toContain('"logIn":{"token":null}');
  expect(plain).not.toMatch(/set-cookie/i);
  expect(proxied).toMatch(/set-cookie: __Host-muster=/i);
  expect(proxied).not.toContain('PRECONDITION_FAILED');
});

test('takes nobody’s word on TLS but a trusted proxy’s and the browser’s own', async () => {
  await using fixture = await startFixture();
  const { port } = fixture.router;

  const said = await rawPost(port, { host: 'rmm.example', 'x-forwarded-proto': 'https' });
  const page = await rawPost(port, { host: 'rmm.example', origin: 'https://rmm.example' });

  expect(said).toContain('PRECONDITION_FAILED');
  expect(page).toMatch(/set-cookie: __Host-muster=/i);
});

test('says so where a browser signs in over a socket, which cannot set a cookie', async () => {
  await using fixture = await startFixture();

  const answer = await subscribe(socketClient(fixture.router.url), LOG_IN).next();

  expect(codesOf(answer)).toEqual(['PRECONDITION_FAILED']);
  expect(JSON.stringify(answer)).not.toContain('ada-token');
});

test('signing out takes the cookie away, refuses the old one at once and closes its sockets', async () => {
  await using fixture = await startFixture({ tuning: { sessionCheckMs: 60_000 } });
  const { url } = fixture.router;
  const socket = new RawSocket(url, cookie);
  await socket.init();

  const logOut = await post(url, { query: LOG_OUT, headers: cookie });
  const after = await post(url, { query: VIEWER, headers: cookie });

  expect(logOut.headers.get('set-cookie')).toMatch(/^__Host-muster=; Max-Age=0; Path=\//);
  expect([after.status, codesOf(after)]).toEqual([401, ['UNAUTHENTICATED']]);
  expect(after.headers.get('set-cookie')).toMatch(/^__Host-muster=; Max-Age=0/);
  expect(await socket.closed).toMatchObject({ code: 4403 });
});

test('refuses an unknown token instead of taking its owner for nobody', async () => {
  await using fixture = await startFixture();
  const { url } = fixture.router;

  for (const headers of [{ authorization: 'Bearer wrong' }, { authorization: 'Basic YTpi' }] as Record<
    string,
    string
  >[]) {
    const answer = await post(url, { query: VIEWER, headers });
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test.each([['wrong'], [17], ['']])('closes a socket with the bad token %j with 4403', async token => {
  await using fixture = await startFixture();
  const socket = new RawSocket(fixture.router.url);

  void socket.init({ token });

  expect(await socket.closed).toMatchObject({ code: 4403 });
});

test('refuses a cookie that another site sends, over HTTP and on the upgrade, and takes its own', async () => {
  await using fixture = await startFixture();
  const { url } = fixture.router;
  const foreign = { ...cookie, origin: 'https://evil.example' };
  const own = { ...cookie, origin: new URL(url).origin };

  const answer = await post(url, { query: VIEWER, headers: foreign });
  const upgrade = await new Promise<number | undefined>(resolve => {
    new RawSocket(url, foreign).socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode));
  });
  const welcome = new RawSocket(url, own);

  expect([answer.status, codesOf(answer)]).toEqual([403, ['FORBIDDEN']]);
  expect(upgrade).toBe(403);
  expect(await welcome.init()).toMatchObject({ type: 'connection_ack' });
  expect((await post(url, { query: VIEWER, headers: own })).data).toMatchObject({ viewer: { name: 'Ada' } });
  welcome.socket.close();
});

test('tells the server time on the upgrade and with the acknowledgement', async () => {
  await using fixture = await startFixture();
  const socket = new RawSocket(fixture.router.url);
  const date = new Promise<string | undefined>(resolve =>
    socket.socket.once('upgrade', ({ headers }) => resolve(headers.date)),
  );

  const ack = (await socket.init()) as { payload: { serverTime: string } };

  for (const time of [(await date) ?? '', ack.payload.serverTime])
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(5_000);
  socket.socket.close();
});

test('asks fleet for device tokens and accounts for all others, and remembers the latter for a moment', async () => {
  await using fixture = await startFixture();
  const { world, router } = fixture;
  world.addSession('a.b.c', {
    ...anonymousViewer,
    kind: 'DEVICE',
    id: 'd1',
    name: 'd1',
    permissions: ['agent:report'],
  });

  const device = await post(router.url, { query: VIEWER, token: 'a.b.c' });
  const before = world.asked.authentication;
  await Promise.all([1, 2, 3].map(() => post(router.url, { query: VIEWER, token: 'ada-token' })));

  expect(device.data).toEqual({ viewer: { kind: 'DEVICE', name: 'd1' } });
  expect(world.asked.authentication - before).toBe(1);
});

test('closes sockets with 4403 when their session is revoked or loses rights, and leaves the others', async () => {
  await using fixture = await startFixture({ tuning: { sessionCheckMs: 50 } });
  const { world, router } = fixture;
  for (const token of ['revoked', 'weakened', 'kept']) world.addSession(token, { ...ada, id: token });
  const sockets = ['revoked', 'weakened', 'kept'].map(token => ({ token, socket: new RawSocket(router.url) }));
  for (const { token, socket } of sockets) await socket.init({ token });

  world.sessions.delete('revoked');
  world.addSession('weakened', { ...ada, id: 'weakened', permissions: ['device:read'] });

  const [revoked, weakened, kept] = sockets.map(({ socket }) => socket);
  expect(await revoked?.closed).toMatchObject({ code: 4403 });
  expect(await weakened?.closed).toMatchObject({ code: 4403 });
  expect(kept?.socket.readyState).toBe(kept?.socket.OPEN);
  kept?.socket.close();
});

test('closes a socket with 4403 when its credential expires', async () => {
  await using fixture = await startFixture({ tuning: { sessionCheckMs: 60_000 } });
  fixture.world.addSession('short', ada, new Date(Date.now() + 150));
  const socket = new RawSocket(fixture.router.url);
  await socket.init({ token: 'short' });

  expect(await socket.closed).toEqual({ code: 4403, reason: 'Credential has expired' });
});

test('keeps sockets open while accounts is away, and admits nobody new until it is back', async () => {
  await using fixture = await startFixture({ mode: 'remote', tuning: { sessionCheckMs: 50 } });
  const { url } = fixture.router;
  const early = new RawSocket(url);
  await early.init({ token: 'ada-token' });
  await fixture.served.get('accounts')?.[Symbol.asyncDispose]();

  const answer = await post(url, { query: '{ devices { id } }', token: 'new-token' });
  const late = new RawSocket(url);
  void late.init({ token: 'new-token' });

  expect([answer.status, answer.errors]).toMatchObject([
    503,
    [{ message: 'The service accounts does not answer.', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  ]);
  expect(await late.closed).toMatchObject({ code: 1013 });
  expect(early.socket.readyState).toBe(early.socket.OPEN);
  await fixture.restart('accounts');
  await until(async () => (await post(url, { query: VIEWER, token: 'ada-token' })).status === 200);
  early.socket.close();
});

test.each<FixtureMode>(['in-process', 'remote'])('believes nobody but accounts about sessions, %s', async mode => {
  await using fixture = await startFixture({ mode });

  const answer = await post(fixture.router.url, {
    query: 'mutation { renameDevice(input: { id: "d1", hostname: "x" }) { device { hostname } } }',
    token: 'ada-token',
  });

  expect(answer.data).toEqual({ renameDevice: { device: { hostname: 'x' } } });
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a client whose token ended goes on with a fresh one, its subscription too', async () => {
  await using fixture = await startFixture({ tuning: { sessionCheckMs: 50 } });
  const { world, router } = fixture;
  world.addSession('first', ada);
  world.addSession('second', ada);
  const tokens = ['first', 'second'];
  const client = createClient({
    url: router.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 5,
    retryWait: async () => {},
    connectionParams: () => ({ token: tokens.shift() }),
  });
  const events = subscribe(client, 'subscription { deviceChanged { sequence } }');
  const next = events.next();
  await until(() => world.opened.length === 1);

  world.sessions.delete('first');
  await until(() => world.opened.length === 2);
  world.change('d1', 5);

  expect((await next).data).toEqual({ deviceChanged: { sequence: 5 } });
  await client.dispose();
});

/** fetch sets Host by itself, so a foreign one is written by hand. */
async function rawPost(port: number, headers: Record<string, string>): Promise<string> {
  const { request } = await import('node:http');
  const body = JSON.stringify({ query: LOG_IN });
  return new Promise((resolve, reject) => {
    const call = request(
      {
        port,
        host: '127.0.0.1',
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      },
      response => {
        let text = response.rawHeaders.map((part, index) => (index % 2 ? `${part}\n` : `${part}: `)).join('');
        response.on('data', part => {
          text += part;
        });
        response.on('end', () => resolve(text));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
