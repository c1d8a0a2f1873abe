import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aDeviceViewer, enrolDevice, startTestFleet, type TestFleet } from '../testing/fleet.ts';
import { packages, section } from '../testing/inventory.ts';
import { statementsOf } from '../testing/statements.ts';

const REPORT = 'mutation ($input: ReportInventoryInput!) { reportInventory(input: $input) { acceptedSections } }';

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

describe('a report', () => {
  test('that says nothing new tells nobody and writes no section again', async () => {
    const sections = [section('SOFTWARE', packages(10)), section('USERS', [])];
    await report(sections);
    const [before] = await fleet.sql('select revision from fleet.device where id = $1', [id]);

    const statements = await statementsOf(() => report(sections));

    expect(await fleet.sql('select revision from fleet.device where id = $1', [id])).toEqual([before]);
    expect(statements.some(text => text.includes('insert into inventory_section'))).toBe(false);
    expect((await report(sections)).reportInventory.acceptedSections).toEqual(['SOFTWARE', 'USERS']);
  });

  test('of five thousand packages costs as many statements as one of five', async () => {
    await report([section('SOFTWARE', packages(5))]);

    const small = await statementsOf(() => report([section('SOFTWARE', packages(5, '2.0'))]));
    const large = await statementsOf(() => report([section('SOFTWARE', packages(5_000, '3.0'))]));

    expect(large.length).toBe(small.length);
    expect(large.length).toBeLessThanOrEqual(7);
  });

  test('fills what lists show and people search', async () => {
    await report(
      [
        section('OS', {
          family: 'LINUX',
          hostname: 'pc-9',
          name: 'Ubuntu',
          version: '24.04',
          architecture: 'x86_64',
          needsReboot: true,
          machineId: 'FEED0001',
        }),
        section('HARDWARE', {
          manufacturer: 'Dell',
          model: 'Latitude',
          serialNumber: 'SN-9',
          cpu: { threads: 8 },
          memoryBytes: 16,
        }),
        section('NETWORK', [
          { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
          { name: 'eth0', macAddress: '52:54:00:99:99:99', addresses: ['fe80::1/64', '2001:db8::9/64', '10.9.9.9/24'] },
        ]),
      ],
      { bootedAt: '2026-11-22T08:00:00Z', agentVersion: '2.0.0' },
    );

    const FIELDS = [
      'HOSTNAME',
      'OS_NAME',
      'NEEDS_REBOOT',
      'SERIAL_NUMBER',
      'ADDRESS',
      'CPU_THREADS',
      'MEMORY_BYTES',
      'BOOTED_AT',
      'AGENT_VERSION',
    ];
    const { deviceColumns } = await fleet.graph<{
      deviceColumns: { columns: Record<string, { dictionary?: unknown[]; values: unknown[] }> };
    }>(
      'query ($fields: [DeviceField!]!) { deviceColumns(fields: $fields, filter: { search: "10.9.9.9 dell sn-9 ubuntu 52:54:00:99" }) { columns } }',
      { fields: FIELDS },
    );
    expect(deviceColumns.columns).toEqual({
      HOSTNAME: { values: ['pc-9'] },
      OS_NAME: { dictionary: ['Ubuntu'], values: [0] },
      NEEDS_REBOOT: { values: [true] },
      SERIAL_NUMBER: { values: ['SN-9'] },
      ADDRESS: { values: ['10.9.9.9'] },
      CPU_THREADS: { values: [8] },
      MEMORY_BYTES: { values: [16] },
      BOOTED_AT: { values: [Date.parse('2026-11-22T08:00:00Z') / 1000] },
      AGENT_VERSION: { dictionary: ['2.0.0'], values: [0] },
    });
  });

  test('of a device that is cut off is refused', async () => {
    await fleet.sql(`update fleet.device set status = 'REVOKED' where id = $1`, [id]);

    await expect(report([])).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });
});
