import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseOn } from '../testing/commands.ts';
import { enrolDevice, seedDevices, startTestFleet, type TestFleet } from '../testing/fleet.ts';
import { statementsOf } from '../testing/statements.ts';

const JOB = `mutation ($input: RunJobInput!) { runJob(input: $input) { job { id } } }`;

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

test('a thousand devices that ask at once are a handful of statements, and each gets its own order', async () => {
  const ids = await seedDevices(fleet, 1_000, 'lease');
  const input = { requestKey: 'all', shell: 'SH', script: 'true', target: { filter: { search: 'lease-' } } };
  await fleet.graph(JOB, { input });
  let answers: { id: string; envelope: string }[][] = [];

  const statements = await statementsOf(async () => {
    answers = await Promise.all(ids.map(id => leaseOn(fleet, id)));
  });

  expect(statements.filter(text => /command/.test(text)).length).toBeLessThan(20);
  expect(answers.map(orders => JSON.parse(orders[0]!.envelope).deviceId)).toEqual(ids);
});

test('a device gets its oldest orders first, at most as many as it takes', async () => {
  const { deviceId } = await enrolDevice(fleet);
  for (let index = 0; index < 70; index++)
    await fleet.graph(JOB, {
      input: {
        requestKey: `${deviceId}-${index}`,
        shell: 'SH',
        script: `echo ${index}`,
        target: { deviceIds: [deviceId] },
      },
    });

  const first = await leaseOn(fleet, deviceId);

  expect(first.map(order => JSON.parse(order.envelope).script)).toEqual(
    Array.from({ length: 16 }, (_, index) => `echo ${index}`),
  );
});

test('a device that waits for approval, or is cut off, gets nothing', async () => {
  const { deviceId } = await enrolDevice(fleet);
  await fleet.graph(JOB, {
    input: { requestKey: deviceId, shell: 'SH', script: 'true', target: { deviceIds: [deviceId] } },
  });

  for (const status of ['PENDING', 'REVOKED']) {
    await fleet.sql('update fleet.device set status = $2 where id = $1', [deviceId, status]);
    expect(await leaseOn(fleet, deviceId)).toEqual([]);
  }
});
