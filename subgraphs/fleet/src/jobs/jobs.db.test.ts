import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finished, leaseOn, reportOn } from '../testing/commands.ts';
import {
  aDeviceViewer,
  anOperator,
  enrolDevice,
  seedDevices,
  startTestFleet,
  type TestFleet,
} from '../testing/fleet.ts';
import { statementsOf } from '../testing/statements.ts';

const RUN = 'mutation ($input: RunJobInput!) { runJob(input: $input) { job { id deviceCount concurrency } } }';
const JOB = `query ($id: ID!, $statuses: [CommandStatus!]) { job(id: $id) { id deviceCount statusCounts { status count } requestedBy { name }
  spec { script environmentNames } commands(first: 5, statuses: $statuses) { totalCount nodes { id status device { id } job { id } spec { script } } } } }`;

type Job = {
  id: string;
  deviceCount: number;
  statusCounts: { status: string; count: number }[];
  commands: { totalCount: number; nodes: { id: string; device: { id: string } }[] };
};

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const run = async (target: object, input: object = {}, viewer = anOperator()) => {
  const wish = { requestKey: randomUUID(), shell: 'SH', script: 'echo hi', target, ...input };
  return (await fleet.graph<{ runJob: { job: Job } }>(RUN, { input: wish }, viewer)).runJob.job;
};
const find = async (id: string, variables: object = {}, viewer = anOperator()) =>
  (await fleet.graph<{ job: Job | null }>(JOB, { id, ...variables }, viewer)).job;
const enrolMany = async (count: number) => {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push((await enrolDevice(fleet)).deviceId);
  return ids;
};
const started = (commandId: string) => ({ commandId, startedAt: new Date().toISOString() });

describe('a job', () => {
  test('on ten thousand devices is a handful of statements', async () => {
    await seedDevices(fleet, 10_000, 'bulk');
    let job: Job | undefined;

    const statements = await statementsOf(async () => {
      job = await run({ filter: { search: 'bulk' } });
    });

    expect(statements.length).toBeLessThanOrEqual(7);
    expect(await find(job!.id)).toMatchObject({
      deviceCount: 10_000,
      statusCounts: [{ status: 'QUEUED', count: 10_000 }],
      commands: { totalCount: 10_000 },
    });
  });

  test('keeps its script once, and shows it at each command', async () => {
    const ids = await enrolMany(3);
    const { id } = await run(
      { deviceIds: ids },
      { script: 'echo shared', environment: [{ name: 'SECRET', value: 'pearl' }] },
    );

    expect(await find(id)).toMatchObject({
      spec: { script: 'echo shared', environmentNames: ['SECRET'] },
      requestedBy: { name: 'Ada' },
      commands: { nodes: Array.from({ length: 3 }, () => ({ spec: { script: 'echo shared' }, job: { id } })) },
    });
    const rows = await fleet.sql<{ row: string }>('select c::text as row from fleet.command c where job_id = $1', [id]);
    expect(rows.some(({ row }) => row.includes('shared'))).toBe(false);
    const [stored] = await fleet.sql<{ row: string }>('select j::text as row from fleet.job j where id = $1', [id]);
    expect(stored!.row).not.toContain('pearl');
  });

  test('is handed out with its orders, runs, and counts its ends', async () => {
    const [one, two] = (await enrolMany(2)) as [string, string];
    const { id } = await run(
      { deviceIds: [one, two] },
      { environment: [{ name: 'A', value: 'b' }], timeoutSeconds: 7 },
    );

    const [order] = await leaseOn(fleet, one);
    await reportOn(fleet, one, [{ ...started(order!.id), finished: finished(0, 'FAILED', 1) }]);

    expect(JSON.parse(order!.envelope)).toMatchObject({
      deviceId: one,
      script: 'echo hi',
      environment: [{ name: 'A', value: 'b' }],
      timeoutSeconds: 7,
    });
    expect((await find(id))!.statusCounts).toEqual([
      { status: 'FAILED', count: 1 },
      { status: 'QUEUED', count: 1 },
    ]);
    expect((await find(id, { statuses: ['FAILED'] }))!.commands).toMatchObject({
      totalCount: 1,
      nodes: [{ device: { id: one } }],
    });
  });

  test('is one job for one key of one caller', async () => {
    const [deviceId] = await enrolMany(1);
    const ada = anOperator();
    const wish = { requestKey: 'the same' };

    const [first, again] = await Promise.all([
      run({ deviceIds: [deviceId] }, wish, ada),
      run({ deviceIds: [deviceId] }, wish, ada),
    ]);

    expect(again.id).toBe(first.id);
    expect((await find(first.id))!.commands.totalCount).toBe(1);
    await expect(run({ deviceIds: [deviceId] }, { ...wish, script: 'false' }, ada)).rejects.toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
  });

  test('tells each change of its commands to whoever follows it', async () => {
    const [deviceId] = (await enrolMany(1)) as [string];
    const { id } = await run({ deviceIds: [deviceId] });
    const changes = await fleet.events<{ commandChanged: object }>(
      'subscription ($id: ID!) { commandChanged(jobId: $id) { status job { id } } }',
      { id },
    );
    const told = changes.next();

    await leaseOn(fleet, deviceId);

    expect((await told).value).toEqual({ commandChanged: { status: 'LEASED', job: { id } } });
    await changes.return?.();
  });

  test('wakes the devices that are connected', async () => {
    const [deviceId] = (await enrolMany(1)) as [string];
    const signals = await fleet.events<object>('subscription { deviceSignals { kind } }', {}, aDeviceViewer(deviceId));
    const told = signals.next();

    await run({ deviceIds: [deviceId] });

    expect((await told).value).toEqual({ deviceSignals: { kind: 'COMMANDS_WAITING' } });
    await signals.return?.();
  });

  test('is cancelled as a whole: what waits at once, what runs by its device', async () => {
    const [one, two] = (await enrolMany(2)) as [string, string];
    const { id } = await run({ deviceIds: [one, two] });
    const [order] = await leaseOn(fleet, one);
    const signals = await fleet.events<object>(
      'subscription { deviceSignals { kind commandId } }',
      {},
      aDeviceViewer(one),
    );
    const told = signals.next();

    await fleet.graph('mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { id } } }', { id });

    expect((await told).value).toEqual({ deviceSignals: { kind: 'CANCEL', commandId: order!.id } });
    expect((await find(id))!.statusCounts).toEqual([
      { status: 'CANCELLED', count: 1 },
      { status: 'LEASED', count: 1 },
    ]);
    await signals.return?.();
  });
});

describe('a job with a limit', () => {
  test('never runs on more devices at a time, whoever asks and however many ask at once', async () => {
    const ids = await enrolMany(6);
    const { id } = await run({ deviceIds: ids }, { concurrency: 2 });
    await using another = await fleet.startAnother();

    const answers = await Promise.all(ids.flatMap(one => [leaseOn(fleet, one), leaseOn(another, one)]));

    expect(answers.flat()).toHaveLength(2);
    expect((await find(id))!.statusCounts).toEqual([
      { status: 'LEASED', count: 2 },
      { status: 'QUEUED', count: 4 },
    ]);
  });

  test('goes on with the next devices when some have ended, and wakes them', async () => {
    const ids = (await enrolMany(3)) as [string, string, string];
    const streams = await Promise.all(
      ids.map(one => fleet.events<object>('subscription { deviceSignals { kind } }', {}, aDeviceViewer(one))),
    );
    const { id } = await run({ deviceIds: ids }, { concurrency: 1 });
    const leased = await Promise.all(ids.map(one => leaseOn(fleet, one)));
    const first = leased.findIndex(orders => orders.length === 1);
    const others = [0, 1, 2].filter(index => index !== first);
    const told = Promise.race(others.map(index => streams[index]!.next().then(() => index)));

    const order = leased[first]![0]!;
    await reportOn(fleet, ids[first]!, [{ ...started(order.id), finished: finished(0) }]);

    const next = await told;
    expect(await leaseOn(fleet, ids[next]!)).toHaveLength(1);
    expect((await find(id))!.statusCounts).toEqual([
      { status: 'LEASED', count: 1 },
      { status: 'QUEUED', count: 1 },
      { status: 'SUCCEEDED', count: 1 },
    ]);
    for (const stream of streams) await stream.return?.();
  });
});

describe('a target', () => {
  test('may be a tag, a site, an organization or a filter', async () => {
    const elsewhere = await enrolDevice(fleet, 'elsewhere', { siteId: fleet.other.siteId });
    await fleet.graph(
      'mutation ($id: ID!) { setDeviceTags(input: { deviceId: $id, tags: ["night"] }) { device { id } } }',
      {
        id: elsewhere.deviceId,
      },
    );

    for (const target of [
      { tag: 'Night' },
      { siteId: fleet.other.siteId },
      { organizationId: fleet.other.organizationId },
      { filter: { search: 'elsewhere' } },
    ])
      expect((await run(target)).deviceCount).toBe(1);
  });

  test('leaves devices out that wait for approval or are cut off', async () => {
    const [ok, cut] = (await enrolMany(2)) as [string, string];
    const pending = await enrolDevice(fleet, 'pending', { needsApproval: true });
    await fleet.sql(`update fleet.device set status = 'REVOKED' where id = $1`, [cut]);

    expect((await run({ deviceIds: [ok, cut, pending.deviceId] })).deviceCount).toBe(1);
    await expect(run({ deviceIds: [cut] })).rejects.toMatchObject({ extensions: { code: 'PRECONDITION_FAILED' } });
  });

  test('names nothing out of sight, and nothing that is not there', async () => {
    const [deviceId] = (await enrolMany(1)) as [string];
    const stranger = anOperator([fleet.other.organizationId]);

    await expect(run({ deviceIds: [deviceId] }, {}, stranger)).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    await expect(run({ deviceIds: [deviceId, randomUUID()] })).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    await expect(run({ organizationId: fleet.organizationId }, {}, stranger)).rejects.toMatchObject({
      extensions: { code: 'PRECONDITION_FAILED' },
    });
  });

  test.each([
    ['nothing', {}],
    ['two things', { tag: 'a', siteId: randomUUID() }],
  ])('that says %s is refused', async (_what, target) => {
    await expect(run(target)).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.target' }] },
    });
  });
});

test('a job over two organizations shows each viewer their own commands only', async () => {
  const here = await enrolDevice(fleet);
  const there = await enrolDevice(fleet, 'there', { siteId: fleet.other.siteId });
  const { id } = await run({ deviceIds: [here.deviceId, there.deviceId] });

  const seen = await find(id, {}, anOperator([fleet.other.organizationId]));

  expect(seen).toMatchObject({ statusCounts: [{ status: 'QUEUED', count: 1 }], commands: { totalCount: 1 } });
  expect(seen!.commands.nodes[0]!.device.id).toBe(there.deviceId);
  expect(await find(id, {}, anOperator([randomUUID()]))).toBeNull();
  const trail = await fleet.sql(
    `select organization_id from audit.event where target_id = $1 and action = 'job.requested'`,
    [id],
  );
  expect(trail).toHaveLength(2);
});

test('jobs come newest first, in pages, within sight', async () => {
  const [deviceId] = (await enrolMany(1)) as [string];
  const made = [await run({ deviceIds: [deviceId] }), await run({ deviceIds: [deviceId] })];
  const LIST =
    'query ($after: String) { jobs(first: 1, after: $after) { nodes { id } totalCount pageInfo { endCursor } } }';
  type Page = { jobs: { nodes: { id: string }[]; totalCount: number; pageInfo: { endCursor: string } } };

  const first = await fleet.graph<Page>(LIST);
  const second = await fleet.graph<Page>(LIST, { after: first.jobs.pageInfo.endCursor });

  expect([first.jobs.nodes[0]!.id, second.jobs.nodes[0]!.id]).toEqual([made[1]!.id, made[0]!.id]);
  expect((await fleet.graph<Page>(LIST, {}, anOperator([randomUUID()]))).jobs.totalCount).toBe(0);
});
