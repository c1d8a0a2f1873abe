import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aDeviceViewer, enrolDevice, startTestFleet, type TestFleet } from '../testing/fleet.ts';
import { packages, section } from '../testing/inventory.ts';

const REPORT = 'mutation ($input: ReportInventoryInput!) { reportInventory(input: $input) { acceptedSections } }';
const CHANGES = `query ($id: ID!, $first: Int, $after: String) { device(id: $id) { inventoryChanges(first: $first, after: $after) {
  nodes { section kind name before after omittedCount at } totalCount pageInfo { hasNextPage endCursor } } } }`;

type Changes = {
  device: {
    inventoryChanges: {
      nodes: {
        section: string;
        kind: string;
        name: string;
        before: string;
        after: string;
        omittedCount: number | null;
      }[];
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
};

let fleet: TestFleet;
let id: string;
beforeAll(async () => {
  fleet = await startTestFleet();
});
beforeEach(async () => {
  id = (await enrolDevice(fleet)).deviceId;
});
afterAll(() => fleet[Symbol.asyncDispose]());

const report = (sections: unknown[], more: object = {}) =>
  fleet.graph<{ reportInventory: { acceptedSections: string[] } }>(
    REPORT,
    { input: { sections, ...more } },
    aDeviceViewer(id),
  );
const changes = async (variables: object = {}) =>
  (await fleet.graph<Changes>(CHANGES, { id, ...variables })).device.inventoryChanges;
const read = async (selection: string) =>
  (
    await fleet.graph<{ device: Record<string, never> }>(`query ($id: ID!) { device(id: $id) { ${selection} } }`, {
      id,
    })
  ).device;
describe('a section', () => {
  test('of services is shown in one vocabulary and searched by words', async () => {
    await report([
      section('SERVICES', [
        {
          name: 'ssh.service',
          displayName: 'ssh',
          state: 'RUNNING',
          isEnabled: true,
          description: 'OpenBSD Secure Shell server',
        },
        { name: 'odd.service', state: 'melting' },
      ]),
    ]);

    expect(await read('services { name displayName state isEnabled description }')).toEqual({
      services: [
        {
          name: 'ssh.service',
          displayName: 'ssh',
          state: 'RUNNING',
          isEnabled: true,
          description: 'OpenBSD Secure Shell server',
        },
        { name: 'odd.service', displayName: null, state: 'UNKNOWN', isEnabled: null, description: null },
      ],
    });
    expect(await read('services(search: "secure SHELL") { name }')).toEqual({ services: [{ name: 'ssh.service' }] });
  });

  test('of processes is the newest snapshot, with long command lines cut', async () => {
    const at = '2026-11-22T12:00:00.000Z';
    const process = {
      pid: 1,
      name: 'init',
      user: 'root',
      cpuPercent: 0.5,
      memoryBytes: 1024,
      command: 'x'.repeat(5_000),
      startedAt: at,
    };
    expect(await read('processes { at }')).toEqual({ processes: null });
    await report([section('PROCESSES', { at: '2026-11-22T11:00:00Z', processes: [] })]);

    await report([section('PROCESSES', { at, processes: [process] })]);

    expect(await read('processes { at processes { pid name user cpuPercent memoryBytes command startedAt } }')).toEqual(
      {
        processes: { at, processes: [{ ...process, command: 'x'.repeat(1_024) }] },
      },
    );
  });

  test('of updates and of containers is shown as reported', async () => {
    const update = { name: 'openssl', currentVersion: '3.0.1', newVersion: '3.0.2', isSecurity: true };
    const container = {
      id: 'ab12',
      name: 'web',
      image: 'nginx:1',
      state: 'RUNNING',
      status: 'Up 2 days',
      createdAt: '2026-11-20T00:00:00.000Z',
      ports: ['80/tcp'],
    };
    await report([section('UPDATES', [update]), section('CONTAINERS', [container])]);

    expect(
      await read(
        'pendingUpdates { name currentVersion newVersion isSecurity } containers { id name image state status createdAt ports }',
      ),
    ).toEqual({
      pendingUpdates: [update],
      containers: [container],
    });
  });

  test('of hardware tells its memory modules', async () => {
    const module = {
      slot: 'DIMM 0',
      sizeBytes: 17_179_869_184,
      type: 'DDR5',
      speedMhz: 4800,
      manufacturer: 'Acme',
      partNumber: 'P1',
      serialNumber: 'S1',
    };
    await report([
      section('HARDWARE', { cpu: {}, serialNumber: 'To Be Filled By O.E.M.', memoryBytes: 8, memoryModules: [module] }),
    ]);

    expect(
      await read('hardware { memoryModules { slot sizeBytes type speedMhz manufacturer partNumber serialNumber } }'),
    ).toEqual({
      hardware: { memoryModules: [module] },
    });
  });

  test('that an earlier agent stored is readable', async () => {
    await fleet.sql(
      `insert into fleet.inventory_section values ($1, 'OS', 'x', '{"family":"LINUX","name":"Debian"}', now()),
        ($1, 'HARDWARE', 'x', '{"cpu":{"model":"C"},"model":"M"}', now())`,
      [id],
    );

    expect(await read('os { name timeZone } hardware { model memoryModules { slot } cpu { cores } }')).toEqual({
      os: { name: 'Debian', timeZone: null },
      hardware: { model: 'M', memoryModules: [], cpu: { cores: null } },
    });
  });

  test.each([
    ['SERVICES', Array.from({ length: 5_001 }, (_, index) => ({ name: `s${index}`, state: 'RUNNING' }))],
    ['PROCESSES', { at: 'yesterday', processes: [] }],
    ['UPDATES', [{ name: '', newVersion: '1' }]],
    ['CONTAINERS', [{ id: 'a', name: 'b' }]],
    ['HARDWARE', { cpu: {}, memoryModules: [{ slot: 'a', sizeBytes: -1 }] }],
  ])('of %s out of bounds is refused', async (name, data) => {
    await expect(report([section(name, data)])).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });
});

describe('history', () => {
  test('begins with the second report and is newest first', async () => {
    await report([section('SOFTWARE', packages(3)), section('OS', { family: 'LINUX', name: 'Debian', version: '12' })]);
    expect((await changes()).totalCount).toBe(0);

    await report([section('OS', { family: 'LINUX', name: 'Debian', version: '13' })]);
    await report([section('SOFTWARE', [...packages(2), { name: 'zsh', version: '5' }])]);

    const { nodes, totalCount } = await changes();
    expect(totalCount).toBe(3);
    expect(nodes).toMatchObject([
      { section: 'SOFTWARE', kind: 'REMOVED', name: 'package-2 (amd64)', before: '1.0', after: null },
      { section: 'SOFTWARE', kind: 'ADDED', name: 'zsh', before: null, after: '5' },
      { section: 'OS', kind: 'CHANGED', name: 'version', before: '12', after: '13', omittedCount: null },
    ]);
  });

  test('of a flood is bounded, says how much is missing, and comes in pages', async () => {
    await report([section('SOFTWARE', [])]);

    await report([section('SOFTWARE', packages(1_200))]);

    const first = await changes({ first: 100 });
    expect(first).toMatchObject({ totalCount: 501, pageInfo: { hasNextPage: true } });
    const seen = [...first.nodes];
    let after = first.pageInfo.endCursor;
    for (let page = 0; page < 5; page++) {
      const next = await changes({ first: 100, after });
      seen.push(...next.nodes);
      after = next.pageInfo.endCursor;
    }
    expect(new Set(seen.map(node => node.name)).size).toBe(501);
    expect(seen.at(-1)).toMatchObject({ name: '…', omittedCount: 700 });
  });

  test('is not made by what moves all the time', async () => {
    await report([section('SERVICES', [{ name: 'a', state: 'RUNNING' }]), section('USERS', [])]);

    await report([section('SERVICES', [{ name: 'a', state: 'FAILED' }]), section('USERS', [{ name: 'ada' }])]);

    expect((await changes()).nodes).toEqual([]);
  });
});
