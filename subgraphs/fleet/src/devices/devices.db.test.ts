import { createHash, randomUUID } from 'node:crypto';
import { anonymousViewer } from '@muster/kit/auth/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aDeviceViewer, anOperator, enrolDevice, startTestFleet, type TestFleet } from '../testing/fleet.ts';
import { statementsOf } from '../testing/statements.ts';

const LIST = `query ($first: Int, $after: String, $filter: DeviceFilter, $orderBy: DeviceOrder) {
  devices(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { nodes { id hostname } totalCount pageInfo { hasNextPage endCursor } }
}`;
const REPORT = 'mutation ($input: ReportInventoryInput!) { reportInventory(input: $input) { acceptedSections } }';

type Page = {
  devices: {
    nodes: { id: string; hostname: string }[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
};

let fleet: TestFleet;
const ids = new Map<string, string>();
beforeAll(async () => {
  fleet = await startTestFleet();
  for (const hostname of ['web-2', 'db-1', 'web-1', 'mail-1'])
    ids.set(hostname, (await enrolDevice(fleet, hostname)).deviceId);
});
afterAll(() => fleet[Symbol.asyncDispose]());

const list = async (variables: Record<string, unknown> = {}, viewer = anOperator()) =>
  (await fleet.graph<Page>(LIST, variables, viewer)).devices;
const section = (name: string, data: unknown) => ({
  section: name,
  data: JSON.stringify(data),
  hash: createHash('sha256').update(JSON.stringify(data)).digest('hex'),
});
const reportOf = (hostname: string, sections: unknown[]) =>
  fleet.graph(REPORT, { input: { sections } }, aDeviceViewer(ids.get(hostname) ?? ''));

test('devices come in pages by name without one missing or doubled', async () => {
  const first = await list({ first: 3 });
  const second = await list({ first: 3, after: first.pageInfo.endCursor });

  expect([...first.nodes, ...second.nodes].map(node => node.hostname)).toEqual(['db-1', 'mail-1', 'web-1', 'web-2']);
  expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test('a cursor of nothing is BAD_USER_INPUT', async () => {
  await expect(list({ after: 'nonsense' })).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] },
  });
});

test('devices of other organizations do not exist for a viewer, and an empty scope sees nothing', async () => {
  expect(await list({}, anOperator([randomUUID()]))).toMatchObject({ nodes: [], totalCount: 0 });
  expect(await list({}, anOperator([]))).toMatchObject({ nodes: [], totalCount: 0 });
  expect(await list({}, anOperator([fleet.organizationId]))).toMatchObject({ totalCount: 4 });
});

test('inventory is stored as reported, found by search, and null where the device could not tell', async () => {
  await reportOf('db-1', [
    section('OS', {
      family: 'LINUX',
      name: 'Debian GNU/Linux',
      version: '12',
      kernel: '6.1.0',
      architecture: 'x86_64',
    }),
    section('NETWORK', [
      { name: 'eth0', macAddress: '52:54:00:12:34:56', addresses: ['192.0.2.7/24'], isUp: true, mtu: 1500 },
    ]),
    section('SOFTWARE', [
      { name: 'bash', version: '5.2' },
      { name: 'zsh', version: '5.9' },
    ]),
  ]);

  const { device } = await fleet.graph<{ device: object }>(
    'query ($id: ID!) { device(id: $id) { os { name needsReboot } hardware { serialNumber cpu { cores } } networkInterfaces { addresses } software(search: "ZS") { totalCount nodes { name } } inventoryAt } }',
    { id: ids.get('db-1') },
  );
  expect(device).toMatchObject({
    os: { name: 'Debian GNU/Linux', needsReboot: null },
    hardware: { serialNumber: null, cpu: { cores: null } },
    networkInterfaces: [{ addresses: ['192.0.2.7/24'] }],
    software: { totalCount: 1, nodes: [{ name: 'zsh' }] },
    inventoryAt: expect.any(String),
  });
  expect((await list({ filter: { search: '192.0.2.7' } })).nodes).toMatchObject([{ hostname: 'db-1' }]);
  expect((await list({ filter: { search: 'debian DB' } })).nodes).toMatchObject([{ hostname: 'db-1' }]);
  expect((await list({ filter: { search: '%' } })).nodes).toEqual([]);
});

test.each([
  ['another hash', { ...section('USERS', []), hash: '00' }],
  ['no JSON', { section: 'USERS', data: '[', hash: createHash('sha256').update('[').digest('hex') }],
  ['another shape', section('USERS', [{ name: 7 }])],
  ['a size below zero', section('FILE_SYSTEMS', [{ mountPoint: '/', sizeBytes: -1, usedBytes: 0 }])],
])('a section with %s is refused and nothing of the report is stored', async (_what, bad) => {
  await expect(reportOf('mail-1', [section('OS', { family: 'LINUX', name: 'X' }), bad])).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
  });

  expect(await fleet.sql('select 1 from fleet.inventory_section where device_id = $1', [ids.get('mail-1')])).toEqual(
    [],
  );
});

test('fifty devices with inventory cost a handful of statements', async () => {
  const seen = await statementsOf(() =>
    fleet.graph(
      '{ devices(first: 50) { nodes { hostname os { name } hardware { model } networkInterfaces { name } } } }',
    ),
  );

  expect(seen.length).toBeLessThanOrEqual(5);
});

test('every field of every root type refuses an anonymous caller unless it is marked public', async () => {
  const publicFields = ['enrollDevice', '_service', '_entities'];
  for (const type of ['Query', 'Mutation', 'Subscription']) {
    const fields = Object.values(fleet.service.schema.getType(type)!.toConfig() as never as { fields: object }).length;
    expect(fields).toBeGreaterThan(0);
  }
  const { fields } = fleet.service.schema.getQueryType()!.toConfig();
  for (const name of Object.keys(fields).filter(field => !publicFields.includes(field))) {
    await expect(async () =>
      fields[name]!.resolve!({}, {}, { viewer: anonymousViewer } as never, {} as never),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  }
});
