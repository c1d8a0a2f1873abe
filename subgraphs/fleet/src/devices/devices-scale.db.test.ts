import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedDevices, startTestFleet, type TestFleet } from '../testing/fleet.ts';
import { statementsOf } from '../testing/statements.ts';

const COUNT = 10_000;
const LIST = `query ($filter: DeviceFilter, $orderBy: DeviceOrder, $after: String) {
  devices(first: 50, filter: $filter, orderBy: $orderBy, after: $after) { nodes { id hostname os { name } site { id } tags } totalCount pageInfo { endCursor hasNextPage } } }`;
const COLUMNS = `query ($fields: [DeviceField!]!, $filter: DeviceFilter) { deviceColumns(fields: $fields, filter: $filter) { count sequence ids columns } }`;

type Columns = {
  deviceColumns: {
    count: number;
    sequence: number;
    ids: string[];
    columns: Record<string, { dictionary?: string[]; values: unknown[] }>;
  };
};

let fleet: TestFleet;
let ids: string[];
beforeAll(async () => {
  fleet = await startTestFleet();
  ids = await seedDevices(fleet, COUNT);
});
afterAll(() => fleet[Symbol.asyncDispose]());

test.each([
  ['by name', {}, {}],
  ['that are searched for', { search: 'seed-00042' }, {}],
  ['of a tag', { tags: ['prod'] }, { field: 'OS', direction: 'DESC' }],
  ['of a site and a system', { osFamilies: ['WINDOWS'], siteId: null }, { field: 'SITE' }],
])('a page of ten thousand devices %s is four statements at most', async (_what, filter, order) => {
  const orderBy = 'field' in order ? order : undefined;
  const statements = await statementsOf(() => fleet.graph(LIST, { filter, orderBy }));

  expect(statements.length).toBeLessThanOrEqual(4);
});

test('the first page by name is read from an index, not by sorting everything', async () => {
  await fleet.sql('analyze fleet.device');
  const plan = await fleet.sql<{ 'QUERY PLAN': string }>(
    'explain select * from fleet.device order by hostname, id limit 51',
  );

  expect(plan[0]!['QUERY PLAN']).toMatch(/^Limit/);
  expect(plan.map(row => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan using device_by_hostname/);
});

test('devices of a tag, and what has changed since, are found by an index', async () => {
  const planOf = async (where: string) =>
    (await fleet.sql<{ 'QUERY PLAN': string }>(`explain select id from fleet.device where ${where}`))
      .map(row => row['QUERY PLAN'])
      .join('\n');
  const [{ last }] = (await fleet.sql<{ last: string }>('select max(revision) as last from fleet.device')) as [
    { last: string },
  ];

  expect(await planOf(`tags @> '{rare}'`)).toContain('device_by_tag');
  expect(await planOf(`revision > ${last}`)).toContain('device_by_revision');
});

test('every device comes once over all pages of each order', async () => {
  for (const field of ['OS', 'SITE', 'STATUS']) {
    const seen = new Set<string>();
    let after: string | undefined;
    for (let page = 0; page < 4; page++) {
      const { devices } = await fleet.graph<{
        devices: { nodes: { id: string }[]; pageInfo: { endCursor: string } };
      }>(LIST, { orderBy: { field }, after, filter: { search: 'seed-000' } });
      for (const { id } of devices.nodes) seen.add(id);
      after = devices.pageInfo.endCursor;
    }
    expect(seen.size).toBe(99);
  }
});

test('a snapshot of ten thousand devices is one statement', async () => {
  const fields = ['HOSTNAME', 'STATUS', 'SITE_ID', 'OS_NAME', 'AGENT_VERSION', 'LAST_SEEN_AT', 'ADDRESS', 'TAGS'];
  let answer: Columns | undefined;

  const statements = await statementsOf(async () => {
    answer = await fleet.graph<Columns>(COLUMNS, { fields });
  });

  expect(statements).toHaveLength(1);
  const { count, ids: snapshot, columns } = answer!.deviceColumns;
  expect(count).toBe(COUNT);
  expect(snapshot).toEqual(ids);
  expect(columns.HOSTNAME!.values[41]).toBe('seed-00042');
  expect(columns.STATUS).toMatchObject({ dictionary: expect.arrayContaining(['ONLINE', 'OFFLINE']) });
  expect(columns.OS_NAME!.dictionary![columns.OS_NAME!.values[4] as number]).toBe('Windows 11 Pro');
  expect((columns.TAGS!.values[1] as number[]).map(at => columns.TAGS!.dictionary![at])).toEqual(['prod', 'web']);
  expect(columns.ADDRESS!.values[299]).toBe('10.0.1.44');
  expect(columns.LAST_SEEN_AT!.values[0]).toBeCloseTo(Date.now() / 1000, -3);
  expect(columns.SITE_ID).toEqual({ dictionary: [fleet.siteId], values: Array.from({ length: COUNT }, () => 0) });
});

test('a snapshot obeys the filter and says from where changes go on', async () => {
  const { deviceColumns } = await fleet.graph<Columns>(COLUMNS, {
    fields: ['HOSTNAME'],
    filter: { search: 'seed-00007', needsReboot: true },
  });
  const [{ last }] = (await fleet.sql<{ last: string }>('select max(revision) as last from fleet.device')) as [
    { last: string },
  ];

  expect(deviceColumns).toMatchObject({
    count: 1,
    sequence: Number(last),
    columns: { HOSTNAME: { values: ['seed-00007'] } },
  });
});

test('the system, the agent’s version and a pending reboot are filters', async () => {
  const count = async (filter: object) =>
    (await fleet.graph<{ devices: { totalCount: number } }>(LIST, { filter })).devices.totalCount;

  expect(await count({ osFamilies: ['WINDOWS'] })).toBe(2_000);
  expect(await count({ agentVersions: ['1.0.0', '1.1.0'] })).toBe(6_667);
  expect(await count({ needsReboot: true })).toBe(1_428);
  expect(await count({ tags: [' PROD ', 'web'] })).toBe(5_000);
  expect(await count({ tags: ['prod', 'test'] })).toBe(0);
});
