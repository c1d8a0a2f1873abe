import { expect, test } from 'vitest';
import { codesOf, post, RawSocket, socketClient, subscribe } from './testing/clients.ts';
import { type Fixture, startFixture } from './testing/start-fixture.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

async function send(fixture: Fixture, init: RequestInit, search = '') {
  const response = await fetch(fixture.router.url + search, { method: 'POST', headers: JSON_TYPE, ...init });
  const text = await response.text();
  expect(text).not.toMatch(/\bat .+:\d+|node_modules|127\.0\.0\.1|stack/i);
  return { status: response.status, codes: codesOf(JSON.parse(text)) };
}

test.each<[string, RequestInit, ...[status: number, code: string]]>([
  ['malformed JSON', { body: '{"query": ' }, 400, 'BAD_USER_INPUT'],
  ['malformed GraphQL', { body: '{"query":"{ viewer { "}' }, 400, 'BAD_USER_INPUT'],
  ['an unknown field', { body: '{"query":"{ nothing }"}' }, 400, 'BAD_USER_INPUT'],
  ['no query', { body: '{}' }, 400, 'BAD_USER_INPUT'],
  ['a query that is no text', { body: '{"query":17}' }, 400, 'BAD_USER_INPUT'],
  [
    'an unknown operation',
    { body: '{"query":"query a { viewer { kind } }","operationName":"b"}' },
    400,
    'BAD_USER_INPUT',
  ],
  ['a batch', { body: '[{"query":"{ viewer { kind } }"}]' }, 400, 'BAD_USER_INPUT'],
  [
    'a body that is too large',
    { body: JSON.stringify({ query: '{ viewer { kind } }', x: 'x'.repeat(300_000) }) },
    413,
    'LIMIT_EXCEEDED',
  ],
  [
    'too many tokens',
    { body: JSON.stringify({ query: `{ ${'viewer { kind } '.repeat(1_000)} }` }) },
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'too many root fields',
    { body: JSON.stringify({ query: `{ ${'requestId '.repeat(30)} }` }) },
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'a form as another site can send it',
    { headers: { 'content-type': 'text/plain' }, body: '{"query":"{ viewer { kind } }"}' },
    400,
    'BAD_USER_INPUT',
  ],
  ['an unknown method', { method: 'PUT', body: '{}' }, 405, 'BAD_USER_INPUT'],
])('answers %s with a catalogue code', async (_, init, ...[status, code]) => {
  await using fixture = await startFixture();

  expect(await send(fixture, init)).toEqual({ status, codes: [code] });
});

test('refuses a plain GET, which another site can make a browser send', async () => {
  await using fixture = await startFixture();

  expect(await send(fixture, { method: 'GET', headers: {} }, '?query={viewer{kind}}')).toEqual({
    status: 400,
    codes: ['BAD_USER_INPUT'],
  });
});

test('answers unknown paths as not found', async () => {
  await using fixture = await startFixture();

  const response = await fetch(new URL('/nowhere', fixture.router.url));

  expect([response.status, codesOf((await response.json()) as never)]).toEqual([404, ['NOT_FOUND']]);
});

test('holds operations of sockets to the same limits', async () => {
  await using fixture = await startFixture();
  const client = socketClient(fixture.router.url);

  await expect(subscribe(client, '{ viewer { ').next()).rejects.toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  await expect(subscribe(client, `{ ${'requestId '.repeat(2_000)} }`).next()).rejects.toMatchObject([
    { message: 'The document has more than 1000 tokens.', extensions: { code: 'LIMIT_EXCEEDED' } },
  ]);
  await expect(subscribe(client, `{ ${'requestId '.repeat(30)} }`).next()).rejects.toMatchObject([
    { extensions: { code: 'LIMIT_EXCEEDED' } },
  ]);
});

test('refuses operations beyond 200 on one socket, and keeps the socket', async () => {
  await using fixture = await startFixture();
  const socket = new RawSocket(fixture.router.url);
  await socket.init({ token: 'ada-token' });

  for (let id = 0; id <= 200; id += 1)
    socket.send({ id: String(id), type: 'subscribe', payload: { query: 'subscription { output { text } }' } });

  expect(await socket.find(({ type }) => type === 'error')).toMatchObject({
    id: '200',
    payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
  });
  expect(socket.socket.readyState).toBe(socket.socket.OPEN);
  socket.socket.close();
});

test.each<[string, string | Buffer, number]>([
  ['no JSON', 'hello', 4400],
  ['an unknown message', '{"type":"shout"}', 4400],
  [
    'a subscription before the greeting',
    '{"id":"1","type":"subscribe","payload":{"query":"{ viewer { kind } }"}}',
    4401,
  ],
  ['more than a mebibyte', 'x'.repeat(1024 * 1024 + 1), 1009],
])('closes a socket that sends %s', async (_, message, code) => {
  await using fixture = await startFixture();
  const socket = new RawSocket(fixture.router.url);

  socket.socket.once('open', () => socket.socket.send(message));

  expect(await socket.closed).toMatchObject({ code });
});

test('refuses upgrades of other paths and sockets of other protocols', async () => {
  await using fixture = await startFixture();
  const elsewhere = new RawSocket(fixture.router.url.replace('/graphql', '/other'));
  const status = await new Promise(resolve =>
    elsewhere.socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
  );

  expect(status).toBe(400);
  expect((await post(fixture.router.url, { query: '{ viewer { kind } }' })).status).toBe(200);
});
