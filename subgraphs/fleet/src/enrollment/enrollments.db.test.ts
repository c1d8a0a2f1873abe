import { randomUUID } from 'node:crypto';
import { routerViewer } from '@muster/kit/auth/viewer';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aDeviceViewer,
  anOperator,
  applicationOf,
  createToken,
  enrolDevice,
  newKeys,
  startTestFleet,
  type TestFleet,
  type TestKeys,
} from '../testing/fleet.ts';

const ENROL = 'mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId status serverKey } }';
const DEVICE = 'query ($id: ID!) { device(id: $id) { id hostname status site { id } organization { id } } }';

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const enrol = async (keys: TestKeys, token: string) =>
  (
    await fleet.graph<{ enrollDevice: { deviceId: string; status: string } }>(ENROL, {
      input: applicationOf(keys, token),
    })
  ).enrollDevice;

test('a device enrols into the site of its token under the id of its key', async () => {
  const keys = newKeys();

  const enrolled = await enrol(keys, await createToken(fleet));

  expect(enrolled).toMatchObject({ deviceId: keys.deviceId, status: 'OFFLINE' });
  expect(await fleet.graph(DEVICE, { id: keys.deviceId })).toEqual({
    device: {
      id: keys.deviceId,
      hostname: 'web-1',
      status: 'OFFLINE',
      site: { id: fleet.siteId },
      organization: { id: fleet.organizationId },
    },
  });
});

test('the same device may ask again without spending the token twice', async () => {
  const [keys, token] = [newKeys(), await createToken(fleet)];
  await enrol(keys, token);

  expect(await enrol(keys, token)).toMatchObject({ deviceId: keys.deviceId });
  await expect(enrol(newKeys(), token)).rejects.toMatchObject({
    message: 'The enrolment token is used up.',
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

test('two devices that spend the last use at once: one gets in', async () => {
  const token = await createToken(fleet);

  const results = await Promise.allSettled([enrol(newKeys(), token), enrol(newKeys(), token)]);

  expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('an unknown, expired or unproved token lets nobody in', async () => {
  const expired = await createToken(fleet);
  await fleet.sql(`update fleet.enrollment_token set expires_at = now() - interval '1 s' where uses = 0`);

  await expect(enrol(newKeys(), 'muster_enroll_wrong')).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
  await expect(enrol(newKeys(), expired)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  const stolen = { ...applicationOf(newKeys(), expired), publicKey: newKeys().publicKey };
  await expect(fleet.graph(ENROL, { input: stolen })).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.proof' }] },
  });
});

test('a token of a site out of sight cannot be made', async () => {
  const CREATE = 'mutation ($siteId: ID!) { createEnrollmentToken(input: { siteId: $siteId }) { token } }';

  await expect(fleet.graph(CREATE, { siteId: fleet.siteId }, anOperator([randomUUID()]))).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
  await expect(fleet.graph(CREATE, { siteId: randomUUID() })).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
});

test('the secret of a token is stored nowhere', async () => {
  const token = await createToken(fleet);

  const rows = await fleet.sql<{ row: string }>(
    `select t::text as row from fleet.enrollment_token t union all select e::text from audit.event e`,
  );

  expect(rows.some(({ row }) => row.includes(token))).toBe(false);
});

test('a device that waits for approval gets no command until somebody lets it in', async () => {
  const keys = newKeys();
  expect(await enrol(keys, await createToken(fleet, { needsApproval: true }))).toMatchObject({ status: 'PENDING' });
  const RUN =
    'mutation ($id: ID!, $key: String!) { runCommand(input: { requestKey: $key, deviceId: $id, shell: SH, script: "true" }) { command { id } } }';
  await expect(fleet.graph(RUN, { id: keys.deviceId, key: 'early' })).rejects.toMatchObject({
    extensions: { code: 'PRECONDITION_FAILED' },
  });

  await fleet.graph('mutation ($id: ID!) { approveDevice(input: { deviceId: $id }) { device { status } } }', {
    id: keys.deviceId,
  });

  await fleet.graph(RUN, { id: keys.deviceId, key: 'late' });
});

test('a device proves its key with each token once; a revoked one not at all', async () => {
  const keys = await enrolDevice(fleet);
  const sign = (claims: Record<string, unknown> = {}, key = keys) =>
    new SignJWT({ jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'muster-device+jwt', kid: keys.deviceId })
      .setSubject(keys.deviceId)
      .setAudience('muster')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(key.privateKey);
  const ask = async (credential: string) =>
    (
      await fleet.graph<{ deviceAuthentication: { viewer: string } | null }>(
        'query ($c: String!) { deviceAuthentication(credential: $c) { viewer expiresAt } }',
        { c: credential },
        routerViewer,
      )
    ).deviceAuthentication;
  const token = await sign();

  expect(JSON.parse((await ask(token))!.viewer)).toMatchObject({
    kind: 'DEVICE',
    id: keys.deviceId,
    permissions: ['agent:report'],
  });
  expect(await ask(token)).toBeNull();
  expect(await ask(await sign({}, newKeys()))).toBeNull();
  expect(await ask('a.b.c')).toBeNull();
  const revoke = fleet.graph('mutation ($id: ID!) { revokeDevice(input: { deviceId: $id }) { device { status } } }', {
    id: keys.deviceId,
  });
  expect(await revoke).toEqual({ revokeDevice: { device: { status: 'REVOKED' } } });
  expect(await ask(await sign())).toBeNull();
});

test('presence follows the signal stream and each change is told', async () => {
  const keys = await enrolDevice(fleet);
  const changes = await fleet.events<{ deviceChanged: unknown }>(
    'subscription ($ids: [ID!]) { deviceChanged(filter: { deviceIds: $ids }) { kind device { status } } }',
    { ids: [keys.deviceId] },
  );

  const signals = await fleet.events('subscription { deviceSignals { kind } }', {}, aDeviceViewer(keys.deviceId));
  expect((await changes.next()).value).toEqual({ deviceChanged: { kind: 'PRESENCE', device: { status: 'ONLINE' } } });
  await signals.return?.();

  expect((await changes.next()).value).toEqual({ deviceChanged: { kind: 'PRESENCE', device: { status: 'OFFLINE' } } });
  await changes.return?.();
});
