import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aDeviceViewer,
  anOperator,
  applicationOf,
  createToken,
  newKeys,
  startTestFleet,
  type TestFleet,
  type TestKeys,
} from '../testing/fleet.ts';

const ENROL = 'mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId status isReEnrolled } }';
const DUPLICATES = 'query ($id: ID!) { device(id: $id) { hostname possibleDuplicates { id hostname } } }';
const RUN =
  'mutation ($id: ID!, $key: String!) { runCommand(input: { requestKey: $key, deviceId: $id, shell: SH, script: "true" }) { command { id } } }';

type Enrolled = { deviceId: string; status: string; isReEnrolled: boolean };

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

async function enrol(facts: object, options: { keys?: TestKeys; token?: object } = {}): Promise<Enrolled> {
  const application = applicationOf(options.keys ?? newKeys(), await createToken(fleet, { ...options.token }));
  const input = { ...application, facts: { ...application.facts, ...facts } };
  return (await fleet.graph<{ enrollDevice: Enrolled }>(ENROL, { input })).enrollDevice;
}

const machineId = () => newKeys().deviceId.replaceAll('-', '');
const actionsOn = async (id: string) =>
  (
    await fleet.sql<{ action: string }>('select action from audit.event where target_id = $1 order by sequence', [id])
  ).map(row => row.action);

test('a machine that was installed anew gets its record back, and its new key counts from then on', async () => {
  const facts = { machineId: machineId(), hostname: 'desk-1' };
  const [oldKeys, newOnes] = [newKeys(), newKeys()];
  const first = await enrol(facts, { keys: oldKeys });

  const second = await enrol({ ...facts, hostname: 'desk-1b' }, { keys: newOnes });

  expect(second).toEqual({ deviceId: first.deviceId, status: 'OFFLINE', isReEnrolled: true });
  expect(await actionsOn(first.deviceId)).toEqual(['device.enrolled', 'device.reEnrolled']);
  const [row] = await fleet.sql<{ public_key: Buffer; hostname: string }>(
    'select public_key, hostname from fleet.device where id = $1',
    [first.deviceId],
  );
  expect(row!.public_key.toString('base64url')).toBe(newOnes.publicKey);
  expect(row!.hostname).toBe('desk-1b');
});

test('a system that was installed anew is found by serial number and network card', async () => {
  const hardware = { serialNumber: 'PF-77', macAddresses: ['52:54:00:77:77:77', '52:54:00:00:00:02'] };
  const first = await enrol({ machineId: machineId(), ...hardware });

  const second = await enrol({ machineId: machineId(), ...hardware, macAddresses: ['52:54:00:77:77:77'] });

  expect(second).toMatchObject({ deviceId: first.deviceId, isReEnrolled: true });
});

test('a machine whose record is connected is a record of its own, and each shows the other', async () => {
  const facts = { machineId: machineId() };
  const first = await enrol({ ...facts, hostname: 'original' });
  const signals = await fleet.events('subscription { deviceSignals { kind } }', {}, aDeviceViewer(first.deviceId));

  const second = await enrol({ ...facts, hostname: 'clone' });

  expect(second).toMatchObject({ isReEnrolled: false });
  expect(second.deviceId).not.toBe(first.deviceId);
  expect(await fleet.graph(DUPLICATES, { id: second.deviceId })).toEqual({
    device: { hostname: 'clone', possibleDuplicates: [{ id: first.deviceId, hostname: 'original' }] },
  });
  expect(await fleet.graph(DUPLICATES, { id: first.deviceId })).toMatchObject({
    device: { possibleDuplicates: [{ hostname: 'clone' }] },
  });
  await signals.return?.();
});

test('two records that fit are a question for people, never a guess', async () => {
  const facts = { machineId: machineId() };
  const first = await enrol(facts);
  const signals = await fleet.events('subscription { deviceSignals { kind } }', {}, aDeviceViewer(first.deviceId));
  const second = await enrol(facts);
  await signals.return?.();

  const third = await enrol(facts);

  expect(third.isReEnrolled).toBe(false);
  expect([first.deviceId, second.deviceId]).not.toContain(third.deviceId);
});

test('a copied disk in another machine is a record of its own', async () => {
  const facts = { machineId: machineId() };
  await enrol({ ...facts, serialNumber: 'A-1' });

  expect(await enrol({ ...facts, serialNumber: 'A-2' })).toMatchObject({ isReEnrolled: false });
});

test('a record of another organization, or one that is cut off, is nobody’s former self', async () => {
  const facts = { machineId: machineId() };
  const first = await enrol(facts);

  const elsewhere = await enrol(facts, { token: { siteId: fleet.other.siteId } });
  await fleet.graph('mutation ($id: ID!) { revokeDevice(input: { deviceId: $id }) { device { id } } }', {
    id: first.deviceId,
  });
  const later = await enrol(facts);

  expect(elsewhere.isReEnrolled).toBe(false);
  expect(later).toMatchObject({ isReEnrolled: false });
  expect(await fleet.graph(DUPLICATES, { id: later.deviceId })).toMatchObject({ device: { possibleDuplicates: [] } });
});

test('a token may forbid it, and one that asks for approval asks again', async () => {
  const facts = { machineId: machineId() };
  const first = await enrol(facts);

  expect(await enrol(facts, { token: { needsApproval: true } })).toEqual({
    deviceId: first.deviceId,
    status: 'PENDING',
    isReEnrolled: true,
  });
  expect(await enrol(facts, { token: { allowsReEnrollment: false } })).toMatchObject({ isReEnrolled: false });
});

test('the former key may join again, as a record of its own', async () => {
  const facts = { machineId: machineId() };
  const former = newKeys();
  const first = await enrol(facts, { keys: former });
  await enrol(facts);
  const signals = await fleet.events('subscription { deviceSignals { kind } }', {}, aDeviceViewer(first.deviceId));

  const again = await enrol(facts, { keys: former });

  expect(again.isReEnrolled).toBe(false);
  expect(again.deviceId).not.toBe(first.deviceId);
  await signals.return?.();
});

test('what the former agent held is lost and never runs again; what waits goes to the new one', async () => {
  const facts = { machineId: machineId() };
  const { deviceId } = await enrol(facts);
  const run = async (key: string) =>
    (await fleet.graph<{ runCommand: { command: { id: string } } }>(RUN, { id: deviceId, key })).runCommand.command.id;
  const held = await run('held');
  const LEASE = 'mutation { leaseCommands(input: {}) { commands { id } } }';
  await fleet.graph(LEASE, {}, aDeviceViewer(deviceId));
  const waiting = await run('waiting');

  await enrol(facts);

  const STATUS = 'query ($id: ID!) { command(id: $id) { status reason } }';
  expect(await fleet.graph(STATUS, { id: held })).toEqual({
    command: { status: 'LOST', reason: 'its device was installed anew' },
  });
  expect(await fleet.graph(LEASE, {}, aDeviceViewer(deviceId))).toEqual({
    leaseCommands: { commands: [{ id: waiting }] },
  });
});

test('a token that was withdrawn lets nobody in any more, and is shown as such', async () => {
  const token = await createToken(fleet);
  const [{ id }] = (await fleet.sql<{ id: string }>(
    'select id from fleet.enrollment_token order by id desc limit 1',
  )) as [{ id: string }];
  const REVOKE =
    'mutation ($id: ID!) { revokeEnrollmentToken(input: { enrollmentTokenId: $id }) { enrollmentToken { isUsable revokedAt } } }';

  await expect(fleet.graph(REVOKE, { id }, anOperator([fleet.other.organizationId]))).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
  expect(await fleet.graph(REVOKE, { id })).toEqual({
    revokeEnrollmentToken: { enrollmentToken: { isUsable: false, revokedAt: expect.any(String) } },
  });

  await expect(fleet.graph(ENROL, { input: applicationOf(newKeys(), token) })).rejects.toMatchObject({
    message: 'The enrolment token was withdrawn.',
  });
});

test('fifty devices show their look-alikes with one statement more', async () => {
  const facts = { machineId: machineId(), serialNumber: 'S-50', macAddresses: ['52:54:00:50:50:50'] };
  await enrol(facts);

  const { devices } = await fleet.graph<{ devices: { nodes: { possibleDuplicates: object[] }[] } }>(
    '{ devices(first: 50) { nodes { possibleDuplicates { id } } } }',
  );

  expect(devices.nodes.some(node => node.possibleDuplicates.length > 0)).toBe(true);
});
