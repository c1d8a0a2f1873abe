import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { auditServer } from 'graphql-http';
import { expect, test } from 'vitest';
import { codesOf, post, socketClient, subscribe } from './testing/clients.ts';
import { type Fixture, startFixture } from './testing/start-fixture.ts';

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

async function raw(fixture: Fixture, init: RequestInit, search = '') {
  const response = await fetch(fixture.router.url + search, init);
  const text = await response.text();
  expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|127\.0\.0\.1|stacktrace|"tracing"/i);
  return { status: response.status, text, codes: codesOf(JSON.parse(text)), headers: response.headers };
}

const json = { 'content-type': 'application/json' };
const signedIn = { ...json, authorization: 'Bearer ada-token' };

test('alias overloading: a field under 101 aliases is refused', async () => {
  await using fixture = await startFixture();

  const answer = await post(fixture.router.url, { query: `{ ${times(101, i => `alias${i}: __typename`)} }` });

  expect(answer.data).toBeUndefined();
  expect(new Set(codesOf(answer))).toEqual(new Set(['LIMIT_EXCEEDED']));
});

test('directive overloading: ten unknown directives are one refusal, not an error each', async () => {
  await using fixture = await startFixture();

  const answer = await post(fixture.router.url, { query: `{ __typename ${times(10, () => '@aa')} }` });

  expect(answer.errors?.map(({ message }) => message)).toEqual(['The operation has more than 8 directives.']);
});

test('array batching: several operations in one request are refused', async () => {
  await using fixture = await startFixture();
  const body = JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })));

  expect(await raw(fixture, { method: 'POST', headers: json, body })).toMatchObject({
    status: 400,
    codes: ['BAD_USER_INPUT'],
  });
});

test('introspection: anonymous callers read no schema, signed-in ones do', async () => {
  await using fixture = await startFixture();
  const { url } = fixture.router;

  for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
    expect(codesOf(await post(url, { query }))).toEqual(['UNAUTHENTICATED']);
    expect((await post(url, { query, token: 'ada-token' })).status).toBe(200);
  }
});

test('circular introspection: a schema that is read in circles is refused, also to those who may read it', async () => {
  await using fixture = await startFixture();
  const circle = `${'fields { type { '.repeat(4)}name${' } }'.repeat(4)}`;

  const answer = await post(fixture.router.url, { query: `{ __schema { types { ${circle} } } }`, token: 'ada-token' });

  expect(answer.errors?.map(({ message }) => message)).toEqual(['Maximum introspection depth exceeded']);
  expect(answer.status).toBe(400);
});

test.each([
  ['a query by GET', { method: 'GET' }, '?query={__typename}'],
  ['a mutation by GET', { method: 'GET' }, '?query=mutation{logOut{viewer{kind}}}'],
  [
    'a form',
    { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={__typename}' },
    '',
  ],
  ['plain text', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{__typename}"}' }, ''],
  ['a multipart form', { method: 'POST', body: new FormData() }, ''],
])('cross-site request forgery: %s, which another site can send, is refused', async (_, init, search) => {
  await using fixture = await startFixture();

  expect(await raw(fixture, init, search)).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'] });
});

test('mutations by GET are refused also with a header that no other site can set', async () => {
  await using fixture = await startFixture();
  const headers = { 'apollo-require-preflight': 'yes', authorization: 'Bearer ada-token' };

  const answer = await raw(fixture, { headers }, `?query=${encodeURIComponent('mutation{logOut{viewer{kind}}}')}`);

  expect(answer.status).toBe(405);
});

test('field suggestions: anonymous callers are not told what they nearly wrote', async () => {
  await using fixture = await startFixture();
  const { url } = fixture.router;

  const answer = await post(url, { query: '{ viewr { kind } device { hostnam } }' });

  expect(codesOf(answer)).not.toEqual([]);
  expect(JSON.stringify(answer.errors)).not.toMatch(/did you mean/i);
  const overSocket = subscribe(socketClient(url), '{ viewr { kind } }').next();
  await expect(overSocket).rejects.toEqual([
    expect.objectContaining({ message: 'Cannot query field "viewr" on type "Query".' }),
  ]);
  const toAda = await post(url, { query: '{ viewr { kind } }', token: 'ada-token' });
  expect(toAda.errors?.[0]?.message).toContain('Did you mean "viewer"?');
});

test('trace mode and debug flags open nothing', async () => {
  await using fixture = await startFixture();
  const headers = {
    ...json,
    'apollo-federation-include-trace': 'ftv1',
    'apollo-query-plan-experimental': '1',
    'x-apollo-tracing': '1',
    'graphql-debug': '1',
  };

  const answer = await raw(
    fixture,
    { method: 'POST', headers, body: JSON.stringify({ query: '{ viewer { kind } }', extensions: { debug: true } }) },
    '?debug=1',
  );

  expect(JSON.parse(answer.text)).toEqual({ data: { viewer: { kind: 'ANONYMOUS' } } });
});

test('there is no GraphiQL, playground or landing page at the API', async () => {
  await using fixture = await startFixture();

  const answer = await raw(fixture, { headers: { accept: 'text/html' } });

  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toMatch(/json/);
});

test('passes the audit of GraphQL over HTTP without an error', async () => {
  await using fixture = await startFixture();
  const fetchFn: typeof fetch = (input, init) =>
    fetch(input as string, { ...init, headers: { ...(init?.headers as object), authorization: 'Bearer ada-token' } });

  const results = await auditServer({ url: fixture.router.url, fetchFn });

  expect(results.length).toBeGreaterThan(60);
  expect(results.filter(({ status }) => status === 'error').map(({ name }) => name)).toEqual([]);
});

test('a compressed body is refused before it is unpacked', async () => {
  await using fixture = await startFixture();
  const body = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
  const started = performance.now();

  const answer = await raw(fixture, { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body });

  expect(answer).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'] });
  expect(answer.text).toContain('content-encoding');
  expect(performance.now() - started).toBeLessThan(1_000);
});

test.each([
  ['60,000 nested lists', '['.repeat(60_000) + ']'.repeat(60_000)],
  ['60,000 nested objects', '{"a":'.repeat(40_000)],
  ['60,000 nested selections', JSON.stringify({ query: '{a'.repeat(60_000) })],
  ['60,000 nested values', JSON.stringify({ query: `{ viewer(a: ${'['.repeat(60_000)}) { kind } }` })],
])('%s are refused and cost nothing', async (_, body) => {
  await using fixture = await startFixture();
  const started = performance.now();

  const answer = await raw(fixture, { method: 'POST', headers: signedIn, body });

  expect(answer.status).toBe(400);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('deeply nested variables are refused or answered, and the router lives', async () => {
  await using fixture = await startFixture();
  const body = `{"query":"query($a:ID!){device(id:$a){id}}","variables":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`;

  const answer = await raw(fixture, { method: 'POST', headers: signedIn, body });

  expect([answer.status, answer.codes]).toEqual([400, ['BAD_USER_INPUT']]);
  expect((await post(fixture.router.url, { query: '{ viewer { kind } }' })).status).toBe(200);
});

test('bytes that are no UTF-8 are refused', async () => {
  await using fixture = await startFixture();
  const body = Buffer.concat([
    Buffer.from('{"query":"{ viewer { kind } } #'),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('"}'),
  ]);

  const answer = await raw(fixture, { method: 'POST', headers: json, body });

  expect([answer.status, answer.codes]).toEqual([400, ['BAD_USER_INPUT']]);
});

test('a caller who sends a byte at a time is cut, whatever it sends, and nobody notices', async () => {
  await using fixture = await startFixture({ tuning: { headersMs: 500 } });
  const slow = connect(fixture.router.port, '127.0.0.1');
  const started = performance.now();
  const drip = setInterval(() => slow.write('x'), 100);
  slow.write('POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ');
  slow.on('error', () => {});
  slow.resume();

  const closed = new Promise(resolve => slow.once('close', resolve));
  expect((await post(fixture.router.url, { query: '{ viewer { kind } }' })).status).toBe(200);
  await closed;
  clearInterval(drip);

  expect(performance.now() - started).toBeLessThan(5_000);
});
