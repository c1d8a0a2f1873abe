import { afterAll, beforeAll, expect, test } from 'vitest';
import { anOperator, enrolDevice, seedDevices, startTestFleet, type TestFleet } from '../testing/fleet.ts';
import { statementsOf } from '../testing/statements.ts';

const CHANGES =
  'subscription ($filter: DeviceFilter, $after: BigInt) { deviceChanged(filter: $filter, after: $after) { kind sequence device { id displayName status } } }';
const RENAME =
  'mutation ($id: ID!, $name: String) { renameDevice(input: { deviceId: $id, displayName: $name }) { device { id } } }';

type Change = { deviceChanged: { kind: string; sequence: number; device: { id: string; displayName: string } } };

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const follow = (variables: object = {}, viewer = anOperator()) =>
  fleet.events<Change>(CHANGES, { ...variables }, viewer);
const next = async (events: AsyncIterator<Change>) => (await events.next()).value.deviceChanged;
const rename = (id: string, name: string) => fleet.graph(RENAME, { id, name });

test('who comes back with the last sequence hears what has changed since, each device once as it is now', async () => {
  const [one, two] = [(await enrolDevice(fleet)).deviceId, (await enrolDevice(fleet)).deviceId];
  const events = await follow();
  await rename(one, 'first');
  const { sequence } = await next(events);
  await events.return?.();
  // far enough ahead that the overlap does not reach back to it
  await fleet.sql(`select setval('fleet.device_revision', $1::bigint)`, [sequence + 1_000]);
  await rename(two, 'second');
  await rename(two, 'third');

  const again = await follow({ after: sequence + 1_000 - 1, filter: { deviceIds: [one, two] } });

  expect(await next(again)).toMatchObject({ kind: 'UPDATED', device: { id: two, displayName: 'third' } });
  await rename(one, 'live');
  expect(await next(again)).toMatchObject({ device: { id: one, displayName: 'live' } });
  await again.return?.();
});

test('what may have been missed is read again', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const events = await follow({ filter: { deviceIds: [deviceId] } });
  await rename(deviceId, 'heard');
  await next(events);
  const told = next(events);
  await fleet.sql(
    `update fleet.device set display_name = 'missed', revision = nextval('fleet.device_revision') where id = $1`,
    [deviceId],
  );

  fleet.bus.wakeAll();

  expect(await told).toMatchObject({ kind: 'UPDATED', device: { displayName: 'missed' } });
  await events.return?.();
});

test('changes out of sight are not told', async () => {
  const { deviceId: here } = await enrolDevice(fleet);
  const { deviceId: there } = await enrolDevice(fleet, 'there', { siteId: fleet.other.siteId });
  const events = await follow({}, anOperator([fleet.other.organizationId]));

  await rename(here, 'hidden');
  await rename(there, 'seen');

  expect(await next(events)).toMatchObject({ device: { displayName: 'seen' } });
  await events.return?.();
});

test('a thousand changes at once are read with a few statements', async () => {
  const ids = await seedDevices(fleet, 1_000, 'flood');
  const events = await follow({ filter: { deviceIds: ids } });

  const statements = await statementsOf(async () => {
    for (const deviceId of ids)
      fleet.bus.publish('fleet.device', {
        deviceId,
        organizationId: fleet.organizationId,
        siteId: fleet.siteId,
        kind: 'PRESENCE',
        sequence: 1,
      });
    for (let heard = 0; heard < ids.length; heard++) await next(events);
  });

  expect(statements.filter(text => !/instance|command/.test(text)).length).toBeLessThan(5);
  await events.return?.();
});
