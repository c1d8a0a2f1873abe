import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
} from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { type Served, serve } from '@muster/kit/serve';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { codesOf, RawSocket } from '../testing/clients.ts';
import { FixtureWorld, fixtureServices } from '../testing/graph.ts';
import { ada } from '../testing/start-fixture.ts';
import { remoteLink } from './remote-link.ts';

const log = createLog({ level: 'silent' });
const keys = await generateIdentityKeys();
const foreignKeys = await generateIdentityKeys();
const call = { viewer: ada, requestId: 'r1' };
let fleet: Served;

beforeAll(async () => {
  const service = fixtureServices(new FixtureWorld()).find(({ name }) => name === 'fleet')!;
  const verify = await createIdentityVerifier(keys.publicJwk, 'fleet');
  fleet = await serve(service, { host: '127.0.0.1', port: 0, verify, log });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const direct = async (token?: string) => {
  const headers = { 'content-type': 'application/json', ...(token && { [IDENTITY_HEADER]: token }) };
  const body = JSON.stringify({ query: '{ device(id: "d1") { id } }' });
  const response = await fetch(fleet.url, { method: 'POST', headers, body });
  return [response.status, codesOf((await response.json()) as never)];
};

/** Tokens as an attacker, a mistaken router and a slow one would bring them. */
async function badTokens(): Promise<[string, string | undefined][]> {
  const own = await createIdentitySigner(keys.privateJwk);
  const foreign = await createIdentitySigner(foreignKeys.privateJwk);
  const good = await own.sign('fleet', call);
  const [header, payload, signature] = good.split('.');
  const widened = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
  widened.viewer.permissions.push('everything');
  vi.useFakeTimers({ now: Date.now() - 60_000, toFake: ['Date'] });
  const expired = await own.sign('fleet', call);
  vi.useRealTimers();
  return [
    ['none', undefined],
    ['a foreign key', await foreign.sign('fleet', call)],
    ['another audience', await own.sign('accounts', call)],
    ['a changed payload', `${header}.${Buffer.from(JSON.stringify(widened)).toString('base64url')}.${signature}`],
    ['no signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`],
    ['an expired one', expired],
  ];
}

test('a service refuses every call without an identity that this router signed for it, over HTTP', async () => {
  for (const [name, token] of await badTokens())
    expect([name, await direct(token)]).toEqual([name, [401, ['UNAUTHENTICATED']]]);

  const signer = await createIdentitySigner(keys.privateJwk);
  expect(await direct(await signer.sign('fleet', call))).toEqual([200, []]);
});

test('a service refuses subscriptions likewise, each alone, and keeps the socket for the others', async () => {
  const socket = new RawSocket(fleet.url);
  await socket.init();
  const subscribe = (id: string, token: string | undefined) =>
    socket.send({
      id,
      type: 'subscribe',
      payload: { query: '{ device(id: "d1") { id } }', extensions: { [IDENTITY_HEADER]: token } },
    });

  for (const [name, token] of await badTokens()) {
    subscribe(name, token);
    expect(await socket.find(message => message.id === name)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  }
  subscribe('good', await (await createIdentitySigner(keys.privateJwk)).sign('fleet', call));

  expect(await socket.find(message => message.id === 'good')).toMatchObject({ type: 'next' });
  socket.socket.close();
});

test.each([
  ['refuses the connection', undefined],
  ['answers a page', '<html>502 Bad Gateway at http://10.0.0.7:4002</html>'],
  ['answers other JSON', '{"hello":"world"}'],
  ['never answers', null],
])('says which service does not answer, and nothing else, when it %s', async (_, page) => {
  const server = createServer((request, response) => {
    request.resume();
    if (page !== null) response.end(page);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (page === undefined) server.close();
  const signer = await createIdentitySigner(keys.privateJwk);
  await using link = remoteLink({ name: 'fleet', url: `http://127.0.0.1:${port}/graphql`, signer, timeoutMs: 300 });

  await expect(link.execute({ query: '{ devices { id } }' }, call)).rejects.toMatchObject({
    message: 'The service fleet does not answer.',
    code: 'SERVICE_UNAVAILABLE',
  });
  server.close();
  server.closeAllConnections();
});

test('ends a call whose answer comes byte by byte and never ends', async () => {
  const server = createServer((_request, response) => {
    const drip = setInterval(() => response.write(' '), 50);
    response.once('close', () => clearInterval(drip));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const signer = await createIdentitySigner(keys.privateJwk);
  await using link = remoteLink({ name: 'fleet', url: `http://127.0.0.1:${port}/graphql`, signer, timeoutMs: 400 });

  await expect(link.execute({ query: '{ devices { id } }' }, call)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  server.close();
  server.closeAllConnections();
});

test('knows whether the service and its store are ready', async () => {
  const signer = await createIdentitySigner(keys.privateJwk);
  await using up = remoteLink({ name: 'fleet', url: fleet.url, signer });
  await using down = remoteLink({ name: 'fleet', url: 'http://127.0.0.1:9/graphql', signer });

  await expect(up.checkReady()).resolves.toBeUndefined();
  await expect(down.checkReady()).rejects.toThrow('The service fleet does not answer.');
});

test('ends a subscription whose service freezes without closing its socket', async () => {
  const server = createServer();
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', socket => sockets.add(socket));
  const { WebSocketServer } = await import('ws');
  const frozen = new WebSocketServer({ server, autoPong: false });
  let connections = 0;
  frozen.on('connection', socket => {
    connections += 1;
    socket.on('message', data => {
      // greets, and then says nothing more, not even a pong
      if (String(data).includes('connection_init')) socket.send('{"type":"connection_ack"}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const signer = await createIdentitySigner(keys.privateJwk);
  const url = `http://127.0.0.1:${port}/graphql`;
  await using link = remoteLink({ name: 'fleet', url, signer, pingMs: 100, retryForMs: 5_000 });

  const events = await link.subscribe({ query: 'subscription { output { text } }' }, call);

  expect(await events.next()).toMatchObject({ value: { isResumed: true } });
  expect(connections).toBeGreaterThan(1);
  await events.return?.();
  for (const socket of sockets) socket.destroy();
  server.close();
});
