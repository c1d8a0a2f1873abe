import { randomUUID, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toKeyObject } from '../identity/device-key.ts';
import { chunk, commandOf, finished, leaseOn, reportOn, runOn } from '../testing/commands.ts';
import {
  aDeviceViewer,
  anOperator,
  enrolDevice,
  startTestFleet,
  type TestFleet,
  type TestKeys,
} from '../testing/fleet.ts';

const OUTPUT =
  'subscription ($id: ID!, $after: Int) { commandOutput(commandId: $id, after: $after) { sequence stream text } }';

let fleet: TestFleet;
let device: TestKeys;
beforeAll(async () => {
  fleet = await startTestFleet();
  device = await enrolDevice(fleet);
});
afterAll(() => fleet[Symbol.asyncDispose]());

const run = (input: Record<string, unknown> = {}, viewer = anOperator()) =>
  runOn(fleet, device.deviceId, { viewer, ...input });
const lease = (id = device.deviceId) => leaseOn(fleet, id);
const report = (commands: unknown[], id = device.deviceId) => reportOn(fleet, id, commands);
const find = (id: string) => commandOf(fleet, id);

describe('a command', () => {
  test('goes from its wish to its end with all of its output', async () => {
    const { id, status } = await run();
    expect(status).toBe('QUEUED');
    expect((await lease()).map(one => one.id)).toEqual([id]);
    expect(await find(id)).toMatchObject({ status: 'LEASED' });

    expect(
      await report([
        {
          commandId: id,
          startedAt: new Date().toISOString(),
          chunks: [chunk(1, 'one\n'), chunk(2, 'two\n', 'STDERR')],
        },
      ]),
    ).toEqual([{ commandId: id, throughSequence: 2, isFinal: false }]);
    expect(await find(id)).toMatchObject({ status: 'RUNNING' });
    expect(await report([{ commandId: id, chunks: [chunk(3, 'end')], finished: finished(3, 'FAILED', 7) }])).toEqual([
      { commandId: id, throughSequence: 3, isFinal: true },
    ]);

    expect(await find(id)).toMatchObject({
      status: 'FAILED',
      exitCode: 7,
      requestedBy: { kind: 'USER', name: 'Ada' },
      output: {
        nodes: [
          { sequence: 1, text: 'one\n' },
          { sequence: 2, text: 'two\n' },
          { sequence: 3, text: 'end' },
        ],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  test('is signed for its device by the key that the device has pinned', async () => {
    const { id } = await run({
      script: 'date',
      arguments: ['-u'],
      environment: [{ name: 'SECRET', value: 'pearl' }],
      timeoutSeconds: 5,
    });

    const [order] = await lease();

    const [key] = await fleet.sql<{ public_key: Buffer }>('select public_key from fleet.server_key');
    expect(
      verify(
        null,
        Buffer.from(`muster-command-v1|${order!.envelope}`),
        toKeyObject(key!.public_key),
        Buffer.from(order!.signature, 'base64url'),
      ),
    ).toBe(true);
    expect(JSON.parse(order!.envelope)).toMatchObject({
      version: 1,
      commandId: id,
      deviceId: device.deviceId,
      shell: 'SH',
      script: 'date',
      arguments: ['-u'],
      environment: [{ name: 'SECRET', value: 'pearl' }],
      timeoutSeconds: 5,
      workingDirectory: null,
    });
    const [row] = await fleet.sql<{ row: string }>('select c::text as row from fleet.command c where id = $1', [id]);
    expect(row!.row).not.toContain('pearl');
  });

  test('is one command for one key of one caller, and another for another caller', async () => {
    const [ada, grace] = [anOperator(), anOperator()];
    const wish = { requestKey: 'same', script: 'true' };

    const [first, again, other] = await Promise.all([run(wish, ada), run(wish, ada), run(wish, grace)]);

    expect(again.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    await expect(run({ ...wish, script: 'false' }, ada)).rejects.toMatchObject({ extensions: { code: 'CONFLICT' } });
  });

  test('is leased once even when its device asks twice at once', async () => {
    const fresh = await enrolDevice(fleet);
    await run({ deviceId: fresh.deviceId });

    const [one, two] = await Promise.all([lease(fresh.deviceId), lease(fresh.deviceId)]);

    expect(one.length + two.length).toBe(1);
  });

  test('is no business of another device', async () => {
    const { id } = await run();
    const stranger = await enrolDevice(fleet);

    expect(await lease(stranger.deviceId)).toEqual([]);
    expect(await report([{ commandId: id, chunks: [chunk(1, 'forged')] }], stranger.deviceId)).toEqual([
      { commandId: id, throughSequence: 0, isFinal: true },
    ]);
    expect(await find(id)).toMatchObject({ status: 'QUEUED', output: { nodes: [] } });
  });

  test('ends as CANCELLED at once while it waits, and by its device while it runs', async () => {
    const waiting = await run();
    const CANCEL = 'mutation ($id: ID!) { cancelCommand(input: { commandId: $id }) { command { status } } }';
    expect(await fleet.graph(CANCEL, { id: waiting.id })).toEqual({
      cancelCommand: { command: { status: 'CANCELLED' } },
    });

    const fresh = await enrolDevice(fleet);
    const { id } = await run({ deviceId: fresh.deviceId });
    await lease(fresh.deviceId);
    await report([{ commandId: id, startedAt: new Date().toISOString() }], fresh.deviceId);
    const signals = await fleet.events<{ deviceSignals: unknown }>(
      'subscription { deviceSignals { kind commandId } }',
      {},
      aDeviceViewer(fresh.deviceId),
    );
    const first = signals.next();
    await fleet.graph(CANCEL, { id });
    expect((await first).value).toEqual({ deviceSignals: { kind: 'CANCEL', commandId: id } });
    await signals.return?.();
  });
});

describe('output', () => {
  test('is stored once although it is sent twice, and never with a gap', async () => {
    const { id } = await run();
    await lease();
    await report([{ commandId: id, chunks: [chunk(1, 'a'), chunk(2, 'b')] }]);

    expect(await report([{ commandId: id, chunks: [chunk(1, 'a'), chunk(2, 'b')] }])).toMatchObject([
      { throughSequence: 2 },
    ]);
    expect(await report([{ commandId: id, chunks: [chunk(4, 'd')], finished: finished(4) }])).toMatchObject([
      { throughSequence: 2, isFinal: false },
    ]);
    expect(
      await report([{ commandId: id, chunks: [chunk(3, 'c'), chunk(4, 'd')], finished: finished(4) }]),
    ).toMatchObject([{ throughSequence: 4, isFinal: true }]);

    expect(await find(id)).toMatchObject({
      status: 'SUCCEEDED',
      output: { nodes: [{ text: 'a' }, { text: 'b' }, { text: 'c' }, { text: 'd' }] },
    });
  });

  test('is replayed from any sequence, goes on live and ends with the command', async () => {
    const { id } = await run();
    await lease();
    await report([{ commandId: id, chunks: [chunk(1, 'a'), chunk(2, 'b')] }]);
    const events = await fleet.events<{ commandOutput: { sequence: number } }>(OUTPUT, { id, after: 1 });

    expect((await events.next()).value.commandOutput).toEqual({ sequence: 2, stream: 'STDOUT', text: 'b' });
    const live = events.next();
    await report([{ commandId: id, chunks: [chunk(3, 'c', 'STDERR')], finished: finished(3) }]);

    expect((await live).value.commandOutput).toEqual({ sequence: 3, stream: 'STDERR', text: 'c' });
    expect((await events.next()).done).toBe(true);
  });

  test('keeps bytes that PostgreSQL text does not take', async () => {
    const { id } = await run();
    await lease();
    await report([{ commandId: id, chunks: [chunk(1, 'nul \u0000 emoji \u{1f980}')], finished: finished(1) }]);

    expect(await find(id)).toMatchObject({ output: { nodes: [{ text: 'nul \u0000 emoji \u{1f980}' }] } });
  });

  test('of thousands of calls at once costs far fewer transactions', async () => {
    const fresh = await enrolDevice(fleet);
    const ids: string[] = [];
    for (let index = 0; index < 50; index++) ids.push((await run({ deviceId: fresh.deviceId })).id);
    await lease(fresh.deviceId);
    const before = await commits();

    await Promise.all(
      ids.flatMap(id =>
        [1, 2, 3, 4].map(sequence => report([{ commandId: id, chunks: [chunk(sequence, 'x')] }], fresh.deviceId)),
      ),
    );

    expect((await commits()) - before).toBeLessThan(60);
    const [stored] = await fleet.sql<{ n: number }>(
      'select count(*)::int as n from fleet.command_output where command_id = any($1)',
      [ids],
    );
    expect(stored!.n).toBe(200);
  });
});

describe('bad input', () => {
  test.each([
    ['an empty script', { script: '   ' }, 'input.script'],
    ['a script too large', { script: 'x'.repeat(200_000) }, 'input.script'],
    ['no time', { timeoutSeconds: 0 }, 'input.timeoutSeconds'],
    ['an expiry in a year', { expiresInSeconds: 10_000_000 }, 'input.expiresInSeconds'],
    ['an empty key', { requestKey: '' }, 'input.requestKey'],
    ['no variable name', { environment: [{ name: 'A B', value: '' }] }, 'input.environment.0.name'],
    ['a NUL', { arguments: ['a\u0000b'] }, 'input.arguments.0'],
  ])('%s is refused with its path and stores nothing', async (_what, input, path) => {
    const [before] = await fleet.sql('select count(*) from fleet.command');

    await expect(run(input)).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } });

    expect(await fleet.sql('select count(*) from fleet.command')).toEqual([before]);
  });

  test('an unknown device, or one of another organization, is NOT_FOUND', async () => {
    await expect(run({ deviceId: randomUUID() })).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    await expect(run({ deviceId: 'nonsense' })).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    await expect(run({}, anOperator([randomUUID()]))).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });
});

async function commits(): Promise<number> {
  const [row] = await fleet.sql<{ n: number }>(`select max(xmin::text::bigint)::int as n from fleet.command`);
  return row!.n;
}
