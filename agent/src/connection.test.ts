import { afterEach, beforeEach, expect, test } from 'vitest';
import { Backoff } from './backoff.ts';
import { Clock } from './clock.ts';
import { Connection, type Timing } from './connection.ts';
import { createLog } from './log.ts';
import { leaseCommands } from './operations.ts';
import { until } from './testing/facts.ts';
import { TcpProxy } from './testing/tcp-proxy.ts';
import { TestServer } from './testing/test-server.ts';

const quick = { backoff: new Backoff(10, 50) };
let server: TestServer;
const opened: Connection[] = [];

beforeEach(async () => {
  server = await TestServer.start();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(connection => connection.stop()));
  await server.stop();
});

function connect(parts: { url?: string; timing?: Partial<Timing>; clock?: Clock; credential?: () => string } = {}) {
  const connection = new Connection({
    url: `${parts.url ?? server.url}/graphql`.replace('http', 'ws'),
    clock: parts.clock ?? new Clock(),
    log: createLog(() => undefined),
    credential: parts.credential ?? (() => undefined),
    timing: { ...quick, ...parts.timing },
  });
  opened.push(connection);
  connection.start();
  return connection;
}

const ready = (connection: Connection) => until('it is ready', () => connection.phase === 'ready');

test.each([1000, 1001, 1008, 1012, 4400, 4401, 4403, 4406, 4409, 4429, 4500])(
  'comes back after close code %i',
  async code => {
    const connection = connect();
    await ready(connection);

    server.kick(code);

    await until('it connected again', () => server.connections === 2);
    await ready(connection);
  },
);

test('makes a fresh credential for each connection, also when the server refuses it', async () => {
  const made: string[] = [];
  const credential = () => {
    made.push(`a.e30.${made.length}`);
    return made.at(-1) ?? '';
  };

  connect({ credential });

  await until('it tried three times', () => made.length >= 3);
  expect(new Set(made).size).toBe(made.length);
});

test('waits between attempts when the server accepts and closes at once', async () => {
  connect({ timing: { backoff: new Backoff(1_000, 60_000), stableMs: 10_000 } });

  for (let round = 0; round < 3; round++) {
    const before = server.connections;
    await until('it connected', () => server.connections > before || server.connections > round);
    server.kick(1000);
  }

  expect(server.connections).toBeLessThan(6);
});

test('notices a black hole by its pong deadline and comes back', async () => {
  await using proxy = await TcpProxy.to(server.port);
  const connection = connect({ url: proxy.url, timing: { keepAliveMs: 50, pongDeadlineMs: 100 } });
  await ready(connection);

  proxy.isBlackHole = true;
  await until('it noticed', () => connection.phase !== 'ready');
  proxy.cut();
  proxy.heal();

  await ready(connection);
});

test('rejects an operation when the link is cut before the answer', async () => {
  await using proxy = await TcpProxy.to(server.port);
  const connection = connect({ url: proxy.url });
  await ready(connection);

  proxy.isBlackHole = true;
  const answer = connection.execute(leaseCommands, { input: { max: 1 } });
  proxy.cut();

  await expect(answer).rejects.toMatchObject({ code: 'DISCONNECTED' });
});

test('rejects an operation that is not answered in time', async () => {
  await using proxy = await TcpProxy.to(server.port);
  const connection = connect({ url: proxy.url, timing: { operationMs: 50 } });
  await ready(connection);

  proxy.isBlackHole = true;
  const answer = connection.execute(leaseCommands, { input: { max: 1 } });

  await expect(answer).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('learns the clock of the server', async () => {
  server.clockOffsetMs = 3_600_000;
  const clock = new Clock();
  const connection = connect({ clock });

  await ready(connection);

  expect(Math.abs(clock.now() - Date.now() - 3_600_000)).toBeLessThan(1_000);
});

test('a stopped connection stays closed', async () => {
  const connection = connect();
  await ready(connection);

  await connection.stop();

  expect(connection.phase).toBe('offline');
  await expect(connection.execute(leaseCommands, { input: { max: 1 } })).rejects.toMatchObject({
    code: 'DISCONNECTED',
  });
});
