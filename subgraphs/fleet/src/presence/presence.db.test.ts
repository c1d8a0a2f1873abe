import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  aDeviceViewer,
  enrolDevice,
  seedDevices,
  startTestFleet,
  type TestFleet,
  type TestProcess,
} from '../testing/fleet.ts';
import { statementsOf } from '../testing/statements.ts';

const SIGNALS = 'subscription { deviceSignals { kind commandId } }';
const CHANGES = 'subscription ($ids: [ID!]) { deviceChanged(filter: { deviceIds: $ids }) { kind device { status } } }';
const PRESENT = 'mutation ($input: ReportPresenceInput!) { reportPresence(input: $input) { serverTime } }';
const RUN =
  'mutation ($id: ID!, $key: String!) { runCommand(input: { requestKey: $key, deviceId: $id, shell: SH, script: "true" }) { command { id } } }';

let fleet: TestFleet;
let others: TestProcess[];
beforeAll(async () => {
  fleet = await startTestFleet({ presenceSweepMs: 50 });
});
beforeEach(() => {
  others = [];
});
afterEach(async () => {
  for (const process of others) await process[Symbol.asyncDispose]();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const statusOf = async (id: string) =>
  (await fleet.sql<{ status: string }>('select status from fleet.device where id = $1', [id]))[0]!.status;
const another = async (settings: object) => {
  const process = await fleet.startAnother(settings);
  others.push(process);
  return process;
};

/** Resolves once the device has the status, told by the stream of changes. */
async function until(id: string, status: string): Promise<void> {
  const changes = await fleet.events<{ deviceChanged: { device: { status: string } } }>(CHANGES, { ids: [id] });
  while ((await statusOf(id)) !== status) await changes.next();
  await changes.return?.();
}

test('five thousand agents that come at once are a handful of statements, and so is their going', async () => {
  const ids = await seedDevices(fleet, 5_000, 'storm');
  let streams: AsyncIterator<unknown>[] = [];

  const coming = await statementsOf(async () => {
    streams = await Promise.all(ids.map(id => fleet.events(SIGNALS, {}, aDeviceViewer(id))));
  });
  const [online] = await fleet.sql<{ n: number }>(
    `select count(*)::int as n from fleet.device where status = 'ONLINE' and connected_at is not null and id = any($1)`,
    [ids],
  );
  const going = await statementsOf(async () => {
    await Promise.all(streams.map(stream => stream.return?.()));
    await until(ids.at(-1)!, 'OFFLINE');
  });

  // the sweep of this process is among them
  expect(coming.filter(text => !/instance|last_seen_at = now\(\) where|OVERDUE/.test(text)).length).toBeLessThan(20);
  expect(going.filter(text => text.includes('connected_at = null')).length).toBeLessThan(200);
  expect(online!.n).toBe(5_000);
});

test('an agent whose old socket is not yet known to be dead stays online', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const old = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));
  const fresh = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));

  await old.return?.();
  await fleet.graph(PRESENT, { input: { agentTime: new Date() } }, aDeviceViewer(deviceId));

  expect(await statusOf(deviceId)).toBe('ONLINE');
  await fresh.return?.();
  await until(deviceId, 'OFFLINE');
});

test('agents of a process that vanished stay online until its grace is over, then are offline', async () => {
  const { deviceId } = await enrolDevice(fleet);
  await fleet.sql(
    `insert into fleet.instance (id, seen_at) values ('00000000-0000-7000-8000-000000000001', now()) on conflict (id) do update set seen_at = now()`,
  );
  await fleet.sql(
    `update fleet.device set status = 'ONLINE', connected_at = now(), instance_id = '00000000-0000-7000-8000-000000000001' where id = $1`,
    [deviceId],
  );

  await another({});
  expect(await statusOf(deviceId)).toBe('ONLINE');
  await fleet.sql(
    `update fleet.instance set seen_at = now() - interval '50 seconds' where id = '00000000-0000-7000-8000-000000000001'`,
  );

  await until(deviceId, 'OFFLINE');
});

test('an agent that comes back to a new process stays online without a word', async () => {
  const { deviceId } = await enrolDevice(fleet);
  await fleet.sql(
    `insert into fleet.instance (id, seen_at) values ('00000000-0000-7000-8000-000000000002', now() - interval '30 seconds')`,
  );
  await fleet.sql(
    `update fleet.device set status = 'ONLINE', connected_at = now() - interval '1 hour', instance_id = '00000000-0000-7000-8000-000000000002' where id = $1`,
    [deviceId],
  );
  const [before] = await fleet.sql('select revision from fleet.device where id = $1', [deviceId]);

  const signals = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));

  expect(await fleet.sql('select revision from fleet.device where id = $1', [deviceId])).toEqual([before]);
  expect(await statusOf(deviceId)).toBe('ONLINE');
  await signals.return?.();
});

test('a process that ends takes nobody away who has gone over to another', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const process = await another({});
  const first = await process.events(SIGNALS, {}, aDeviceViewer(deviceId));
  const second = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));

  await first.return?.();
  await process[Symbol.asyncDispose]();
  others = [];

  expect(await statusOf(deviceId)).toBe('ONLINE');
  await second.return?.();
});

test('a device that has been away for as long as is set is overdue', async () => {
  const { deviceId } = await enrolDevice(fleet);
  await fleet.sql(`update fleet.device set last_seen_at = now() - interval '2 hours' where id = $1`, [deviceId]);
  expect(await statusOf(deviceId)).toBe('OFFLINE');

  await another({ overdueAfterSeconds: 3_600, presenceSweepMs: 50 });

  await until(deviceId, 'OVERDUE');
});

test('a sign of life measures the device’s clock', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const bootedAt = '2026-11-22T07:00:00.000Z';

  const input = { agentTime: new Date(Date.now() + 90_000), bootedAt, agentVersion: '3.1.4' };
  await fleet.graph(PRESENT, { input }, aDeviceViewer(deviceId));

  const { device } = await fleet.graph<{ device: { agent: { clockSkewSeconds: number } } }>(
    'query ($id: ID!) { device(id: $id) { bootedAt agent { version clockSkewSeconds } } }',
    { id: deviceId },
  );
  expect(device).toMatchObject({ bootedAt, agent: { version: '3.1.4' } });
  expect(device.agent.clockSkewSeconds).toBeGreaterThan(85);
  expect(device.agent.clockSkewSeconds).toBeLessThan(95);
});

test('a device that is cut off can neither connect nor give a sign of life', async () => {
  const { deviceId } = await enrolDevice(fleet);
  await fleet.sql(`update fleet.device set status = 'REVOKED' where id = $1`, [deviceId]);

  await expect(fleet.events(SIGNALS, {}, aDeviceViewer(deviceId))).rejects.toMatchObject({
    extensions: { code: 'FORBIDDEN' },
  });
  await expect(
    fleet.graph(PRESENT, { input: { agentTime: new Date() } }, aDeviceViewer(deviceId)),
  ).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

test('a device that comes is told first what waits', async () => {
  const { deviceId } = await enrolDevice(fleet);
  await fleet.graph(RUN, { id: deviceId, key: deviceId });

  const signals = await fleet.events(SIGNALS, {}, aDeviceViewer(deviceId));

  expect((await signals.next()).value).toEqual({ deviceSignals: { kind: 'COMMANDS_WAITING', commandId: null } });
  await signals.return?.();
});

test('when wake-ups may have been lost, a connected device hears what waits, or that it is cut off', async () => {
  const [one, two] = [await enrolDevice(fleet), await enrolDevice(fleet)];
  const waiting = await fleet.events(SIGNALS, {}, aDeviceViewer(one.deviceId));
  const cut = await fleet.events(SIGNALS, {}, aDeviceViewer(two.deviceId));
  const told = [waiting.next(), cut.next()];
  await fleet.sql(
    `insert into fleet.command (id, organization_id, device_id, requester_kind, requester_id, requester_name, expires_at)
      values (gen_random_uuid(), $1, $2, 'USER', 'a', 'a', now() + interval '1 hour')`,
    [fleet.organizationId, one.deviceId],
  );
  await fleet.sql(`update fleet.device set status = 'REVOKED' where id = $1`, [two.deviceId]);

  fleet.bus.wakeAll();

  expect((await Promise.all(told)).map(step => step.value)).toEqual([
    { deviceSignals: { kind: 'COMMANDS_WAITING', commandId: null } },
    { deviceSignals: { kind: 'REVOKED', commandId: null } },
  ]);
  for (const stream of [waiting, cut]) await stream.return?.();
});
