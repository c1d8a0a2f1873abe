import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chunk, commandOf, finished, leaseOn, reportOn, runOn, untilStatus } from '../testing/commands.ts';
import { aDeviceViewer, enrolDevice, startTestFleet, type TestFleet } from '../testing/fleet.ts';

const CANCEL =
  'mutation ($id: ID!) { cancelCommand(input: { commandId: $id }) { command { status cancelRequestedAt } } }';
const SIGNALS = 'subscription { deviceSignals { kind commandId } }';

let fleet: TestFleet;
let deviceId: string;
beforeAll(async () => {
  fleet = await startTestFleet({ commandSweepMs: 50 });
});
beforeEach(async () => {
  deviceId = (await enrolDevice(fleet)).deviceId;
});
afterAll(() => fleet[Symbol.asyncDispose]());

const now = () => new Date().toISOString();
const cancel = async (id: string) =>
  (await fleet.graph<{ cancelCommand: { command: { status: string } } }>(CANCEL, { id })).cancelCommand.command.status;
const run = async (input: Record<string, unknown> = {}) => (await runOn(fleet, deviceId, input)).id;
const report = (commands: unknown[]) => reportOn(fleet, deviceId, commands);
const startOne = async (input: Record<string, unknown> = {}) => {
  const id = await run(input);
  await leaseOn(fleet, deviceId);
  await report([{ commandId: id, startedAt: now() }]);
  return id;
};
/** The agent was last heard of the command that long ago. */
const silentFor = (id: string, seconds: number) =>
  fleet.sql(
    `update fleet.command set lease_until = now() - make_interval(secs => $2), started_at = now() - make_interval(secs => $2) where id = $1`,
    [id, seconds],
  );
const connectedFor = (seconds: number) =>
  fleet.sql(
    `update fleet.device set status = 'ONLINE', connected_at = now() - make_interval(secs => $2) where id = $1`,
    [deviceId, seconds],
  );

describe('a command is cancelled', () => {
  test('at once while it is QUEUED, and never handed out', async () => {
    const id = await run();

    expect(await cancel(id)).toBe('CANCELLED');

    expect(await leaseOn(fleet, deviceId)).toEqual([]);
    expect(await commandOf(fleet, id)).toMatchObject({ reason: 'cancelled before it was started' });
  });

  test('by its device while it is LEASED, which is told', async () => {
    const id = await run();
    await leaseOn(fleet, deviceId);
    const signals = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));
    const told = signals.next();

    expect(await cancel(id)).toBe('LEASED');

    expect((await told).value).toEqual({ deviceSignals: { kind: 'CANCEL', commandId: id } });
    await report([{ commandId: id, finished: finished(0, 'CANCELLED', null) }]);
    expect(await commandOf(fleet, id)).toMatchObject({ status: 'CANCELLED', startedAt: null });
    await signals.return?.();
  });

  test('without its device where the lease runs out unanswered', async () => {
    const id = await run();
    await leaseOn(fleet, deviceId);
    await cancel(id);
    await fleet.sql(`update fleet.command set lease_until = now() - interval '1 s' where id = $1`, [id]);

    await untilStatus(fleet, id, 'CANCELLED');
  });

  test('by its device while it is RUNNING, with the output until then; a device that is away is told when it is back', async () => {
    const id = await startOne();

    expect(await cancel(id)).toBe('RUNNING');
    const signals = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));

    expect((await signals.next()).value).toEqual({ deviceSignals: { kind: 'CANCEL', commandId: id } });
    await report([{ commandId: id, chunks: [chunk(1, 'so far')], finished: finished(1, 'CANCELLED', null) }]);
    expect(await commandOf(fleet, id)).toMatchObject({ status: 'CANCELLED', output: { nodes: [{ text: 'so far' }] } });
    await signals.return?.();
  });

  test('no more once it has ended, and its end stays', async () => {
    const id = await startOne();
    await report([{ commandId: id, finished: finished(0) }]);

    expect(await cancel(id)).toBe('SUCCEEDED');
    expect(await commandOf(fleet, id)).toMatchObject({ status: 'SUCCEEDED', cancelRequestedAt: null });
  });
});

describe('time', () => {
  test('expires a command that its device does not fetch', async () => {
    const id = await run({ expiresInSeconds: 1 });

    await untilStatus(fleet, id, 'EXPIRED');

    expect(await leaseOn(fleet, deviceId)).toEqual([]);
    expect(await commandOf(fleet, id)).toMatchObject({
      reason: 'the device did not fetch it in time',
      startedAt: null,
    });
  });

  test('gives a lease that nobody answered out again, and tells the device', async () => {
    const id = await run();
    await leaseOn(fleet, deviceId);
    const signals = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));
    const told = signals.next();

    await fleet.sql(`update fleet.command set lease_until = now() - interval '1 s' where id = $1`, [id]);

    expect((await told).value).toEqual({ deviceSignals: { kind: 'COMMANDS_WAITING', commandId: null } });
    expect((await leaseOn(fleet, deviceId)).map(one => one.id)).toEqual([id]);
    const [row] = await fleet.sql<{ attempt: number }>('select attempt from fleet.command where id = $1', [id]);
    expect(row!.attempt).toBe(2);
    await signals.return?.();
  });

  test('loses a command of which a connected device says nothing, until it does', async () => {
    const id = await startOne();
    await silentFor(id, 70);
    await connectedFor(180);
    await untilStatus(fleet, id, 'LOST');

    expect(await report([{ commandId: id, chunks: [chunk(1, 'late')], finished: finished(1, 'FAILED', 3) }])).toEqual([
      { commandId: id, throughSequence: 1, isFinal: true },
    ]);

    expect(await commandOf(fleet, id)).toMatchObject({
      status: 'FAILED',
      exitCode: 3,
      output: { nodes: [{ text: 'late' }] },
    });
  });

  test('leaves a command of a device that is away running for as long as it may', async () => {
    const id = await startOne({ timeoutSeconds: 600 });
    await silentFor(id, 300);
    await fleet.sql(`update fleet.device set status = 'OFFLINE', connected_at = null where id = $1`, [deviceId]);
    const other = await run({ expiresInSeconds: 1 });

    // by the time another command has expired a sweep has passed over this one
    await untilStatus(fleet, other, 'EXPIRED');

    expect(await commandOf(fleet, id)).toMatchObject({ status: 'RUNNING' });
  });

  test('times a command out whose device never came back, until it does', async () => {
    const id = await startOne({ timeoutSeconds: 60 });
    await fleet.sql(`update fleet.device set status = 'OFFLINE', connected_at = null where id = $1`, [deviceId]);
    await silentFor(id, 60 + 301);

    await untilStatus(fleet, id, 'TIMED_OUT');

    expect(await commandOf(fleet, id)).toMatchObject({ reason: 'the device did not report its end in time' });
    await report([{ commandId: id, finished: finished(0) }]);
    expect(await commandOf(fleet, id)).toMatchObject({ status: 'SUCCEEDED', reason: null });
  });

  test('changes nothing of an end that the device itself has told', async () => {
    const id = await startOne();
    await report([{ commandId: id, finished: finished(0, 'TIMED_OUT', null) }]);

    expect(await report([{ commandId: id, chunks: [chunk(1, 'x')], finished: finished(1) }])).toMatchObject([
      { isFinal: true },
    ]);

    expect(await commandOf(fleet, id)).toMatchObject({ status: 'TIMED_OUT', output: { nodes: [] } });
  });

  test('a running command lives on by empty reports', async () => {
    const id = await startOne();
    await silentFor(id, 70);

    await report([{ commandId: id }]);

    const [row] = await fleet.sql<{ left: number }>(
      'select extract(epoch from lease_until - now())::int as left from fleet.command where id = $1',
      [id],
    );
    expect(row!.left).toBeGreaterThan(50);
  });
});

describe('output', () => {
  test('beyond the cap is counted, not kept', async () => {
    const id = await startOne();
    const big = 'x'.repeat(64 * 1024);
    for (let first = 1; first <= 70; first += 10)
      await report([{ commandId: id, chunks: Array.from({ length: 10 }, (_, index) => chunk(first + index, big)) }]);

    await report([{ commandId: id, finished: { ...finished(70), outputBytes: 70 * big.length } }]);

    const [stored] = await fleet.sql<{ bytes: number }>(
      'select sum(octet_length(data))::int as bytes from fleet.command_output where command_id = $1',
      [id],
    );
    expect(stored!.bytes).toBe(4 * 1024 * 1024);
    expect(await commandOf(fleet, id)).toMatchObject({ outputBytes: 70 * big.length, isOutputTruncated: true });
  });

  test.each([0, 1, 4, 9, 10])('is replayed from chunk %i to the end', async after => {
    const id = await startOne();
    const chunks = Array.from({ length: 10 }, (_, index) => chunk(index + 1, `${index + 1}`));
    await report([{ commandId: id, chunks, finished: finished(10) }]);

    const events = await fleet.events<{ commandOutput: { text: string } }>(
      'subscription ($id: ID!, $after: Int) { commandOutput(commandId: $id, after: $after) { text } }',
      { id, after },
    );

    const seen: string[] = [];
    for (let step = await events.next(); !step.done; step = await events.next())
      seen.push(step.value.commandOutput.text);
    expect(seen).toEqual(chunks.slice(after).map(one => one.text));
  });
});

test('who follows a command hears its present state when wake-ups may have been lost', async () => {
  const id = await startOne();
  const changes = await fleet.events<{ commandChanged: object }>(
    'subscription ($id: ID!) { commandChanged(commandId: $id) { id status } }',
    { id },
  );
  const told = changes.next();
  await fleet.sql(`update fleet.command set status = 'FAILED', finished_at = now() where id = $1`, [id]);

  fleet.bus.wakeAll();

  expect((await told).value).toEqual({ commandChanged: { id, status: 'FAILED' } });
  await changes.return?.();
});
