import { expect, test } from 'vitest';
import { codesOf, post, socketClient, subscribe } from './testing/clients.ts';
import { type FixtureMode, startFixture } from './testing/start-fixture.ts';

const JOIN = '{ device(id: "d1") { hostname label rack { name } site { name organization { name } } } }';
const joined = {
  device: {
    hostname: 'host-d1',
    label: '<host-d1>',
    rack: { name: 'rack of d1' },
    site: { name: 'site s1', organization: { name: 'organization o1' } },
  },
};

test.each<FixtureMode>(['in-process', 'remote'])('joins a query over three services, %s', async mode => {
  await using fixture = await startFixture({ mode });

  const answer = await post(fixture.router.url, { query: JOIN, token: 'ada-token' });

  expect(answer.errors).toBeUndefined();
  expect(answer.data).toEqual(joined);
});

test.each<FixtureMode>(['in-process', 'remote'])('answers queries and mutations over the socket, %s', async mode => {
  await using fixture = await startFixture({ mode });
  const client = socketClient(fixture.router.url, 'ada-token');

  const query = await subscribe(client, JOIN).next();
  const mutation = await subscribe(
    client,
    'mutation ($input: RenameDeviceInput!) { renameDevice(input: $input) { device { hostname site { name } } } }',
    { input: { id: 'd2', hostname: 'renamed' } },
  ).next();

  expect(query.data).toEqual(joined);
  expect(mutation.data).toEqual({ renameDevice: { device: { hostname: 'renamed', site: { name: 'site s1' } } } });
});

test.each<FixtureMode>(['in-process', 'remote'])('passes the request id down and answers it, %s', async mode => {
  await using fixture = await startFixture({ mode });

  const answers = await Promise.all([1, 2].map(() => post(fixture.router.url, { query: '{ requestId }' })));

  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(answers.map(({ data }) => data)).toEqual(ids.map(requestId => ({ requestId })));
  expect(ids[0]).not.toBe(ids[1]);
});

test('tells of a joined object that is gone instead of answering null in silence', async () => {
  await using fixture = await startFixture();
  fixture.world.devices.set('d3', { id: 'd3', hostname: 'host-d3', siteId: 'gone' });

  const answer = await post(fixture.router.url, {
    query: '{ device(id: "d3") { site { name } } }',
    token: 'ada-token',
  });

  expect(answer.data).toEqual({ device: null });
  expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  expect(answer.errors?.[0]?.path).toEqual(['device', 'site', 'name']);
  expect(answer.extensions).toBeUndefined();
});

test('never answers the text of a defect, and names the request to look for in the log', async () => {
  await using fixture = await startFixture({ mode: 'remote' });

  const answer = await post(fixture.router.url, { query: '{ broken }' });

  expect(codesOf(answer)).toEqual(['INTERNAL']);
  expect(answer.errors?.[0]?.extensions?.requestId).toBe(answer.headers.get('x-request-id'));
  expect(JSON.stringify(answer)).not.toMatch(/secret_table|10\.0\.0\.7|at .*\.ts/);
});

test('answers wrong variables as malformed input, over HTTP and the socket', async () => {
  await using fixture = await startFixture();
  const query = 'query ($id: ID!) { device(id: $id) { id } }';

  const answer = await post(fixture.router.url, { query, variables: { id: { no: 1 } }, token: 'ada-token' });
  const event = await subscribe(socketClient(fixture.router.url, 'ada-token'), query, { id: { no: 1 } }).next();

  expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(event)).toEqual(['BAD_USER_INPUT']);
});

test('makes the field of a joined service that is down null, with one masked error', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  await fixture.served.get('racks')?.[Symbol.asyncDispose]();

  const answer = await post(fixture.router.url, {
    query: '{ devices { hostname rack { name } } }',
    token: 'ada-token',
  });

  expect(answer.status).toBe(200);
  expect(answer.data).toEqual({
    devices: [
      { hostname: 'host-d1', rack: null },
      { hostname: 'host-d2', rack: null },
    ],
  });
  expect(answer.errors).toEqual([
    {
      message: 'The service racks does not answer.',
      path: ['devices', 0],
      extensions: { code: 'SERVICE_UNAVAILABLE', isRetriable: true, service: 'racks' },
    },
  ]);
});

test('names the service that is down where it owns the field, and answers again when it is back', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const ask = () => post(fixture.router.url, { query: '{ devices { id } }', token: 'ada-token' });
  await fixture.served.get('fleet')?.[Symbol.asyncDispose]();
  const down = await ask();

  await fixture.restart('fleet');

  expect(down.errors).toMatchObject([{ message: 'The service fleet does not answer.' }]);
  expect((await ask()).data).toEqual({ devices: [{ id: 'd1' }, { id: 'd2' }] });
});

test('takes the code and words of a service’s own error, and adds its name', async () => {
  await using fixture = await startFixture({ mode: 'remote' });
  const query = 'mutation { renameDevice(input: { id: "none", hostname: "x" }) { device { id } } }';

  const answer = await post(fixture.router.url, { query, token: 'ada-token' });

  expect(answer.errors).toMatchObject([
    {
      message: 'There is no such device.',
      path: ['renameDevice'],
      extensions: { code: 'NOT_FOUND', service: 'fleet' },
    },
  ]);
});
