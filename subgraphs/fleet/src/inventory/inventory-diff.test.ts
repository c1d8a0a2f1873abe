import { describe, expect, test } from 'vitest';
import { boundChanges, diffSection, isTracked } from './inventory-diff.ts';
import { INVENTORY_SECTIONS } from './inventory-section.ts';
import type { TrackedSection } from './tracked-facts.ts';

const diff = (section: TrackedSection, before: unknown, after: unknown) =>
  diffSection(section, before, after).map(({ kind, name, before: from, after: to }) => [kind, name, from, to]);
const bash = { name: 'bash', version: '5.2', architecture: 'amd64', publisher: null, installedSizeBytes: 1 };
const ssh = { name: 'ssh', displayName: 'OpenSSH', state: 'RUNNING', isEnabled: true, description: null };

describe('software', () => {
  test('comes, goes and changes its version', () => {
    const after = [
      { ...bash, version: '5.3' },
      { ...bash, name: 'zsh' },
    ];

    expect(diff('SOFTWARE', [bash, { ...bash, name: 'fish' }], after)).toEqual([
      ['REMOVED', 'fish (amd64)', '5.2', null],
      ['CHANGED', 'bash (amd64)', '5.2', '5.3'],
      ['ADDED', 'zsh (amd64)', null, '5.2'],
    ]);
  });

  test('may be there in several versions, in any order', () => {
    const kernels = (versions: string[]) =>
      versions.map(version => ({ ...bash, name: 'kernel', architecture: null, version }));

    expect(diff('SOFTWARE', kernels(['6.1', '6.2']), kernels(['6.2', '6.1']))).toEqual([]);
    expect(diff('SOFTWARE', kernels(['6.1', '6.2']), kernels(['6.3', '6.2']))).toEqual([
      ['CHANGED', 'kernel', '6.1, 6.2', '6.2, 6.3'],
    ]);
  });

  test('of another size is the same software', () => {
    expect(diff('SOFTWARE', [bash], [{ ...bash, installedSizeBytes: 2 }])).toEqual([]);
  });
});

test('a service that stops has not changed; one that no longer starts with the machine has', () => {
  expect(diff('SERVICES', [ssh], [{ ...ssh, state: 'STOPPED' }])).toEqual([]);
  expect(diff('SERVICES', [ssh], [{ ...ssh, isEnabled: false }])).toEqual([
    ['CHANGED', 'ssh.isEnabled', 'true', 'false'],
  ]);
  expect(diff('SERVICES', [], [ssh])).toEqual([['ADDED', 'ssh', null, 'OpenSSH']]);
});

test('a file system that fills has not changed; one that grows has', () => {
  const root = { mountPoint: '/', device: '/dev/sda1', type: 'ext4', sizeBytes: 100, usedBytes: 1 };

  expect(diff('FILE_SYSTEMS', [root], [{ ...root, usedBytes: 99 }])).toEqual([]);
  expect(diff('FILE_SYSTEMS', [root], [{ ...root, sizeBytes: 200 }])).toEqual([
    ['CHANGED', '/.sizeBytes', '100', '200'],
  ]);
});

test('a disk that the system calls otherwise is the same disk', () => {
  const disk = { name: 'sda', model: 'X', serialNumber: 'S1', sizeBytes: 5, isRotational: false };

  expect(diff('DISKS', [disk], [{ ...disk, name: 'sdb' }])).toEqual([]);
  expect(diff('DISKS', [disk], [{ ...disk, serialNumber: 'S2' }])).toEqual([
    ['REMOVED', 'X S1', '5', null],
    ['ADDED', 'X S2', null, '5'],
  ]);
});

test('an interface changes with its addresses in any order, not with its cable', () => {
  const eth0 = { name: 'eth0', macAddress: 'a', addresses: ['1/24', '2/24'], isUp: true, mtu: 1500, speedMbps: 1000 };

  expect(diff('NETWORK', [eth0], [{ ...eth0, addresses: ['2/24', '1/24'], isUp: false, speedMbps: null }])).toEqual([]);
  expect(diff('NETWORK', [eth0], [{ ...eth0, addresses: ['3/24'] }])).toEqual([
    ['CHANGED', 'eth0.addresses', '1/24, 2/24', '3/24'],
  ]);
});

test('a system changes value by value, and its machine id is nobody’s business', () => {
  const os = {
    family: 'LINUX',
    machineId: 'a',
    name: 'Debian',
    version: '12',
    kernel: '6.1',
    architecture: null,
    timeZone: null,
    needsReboot: false,
  };

  expect(diff('OS', os, { ...os, machineId: 'b', kernel: '6.2', needsReboot: true })).toEqual([
    ['CHANGED', 'kernel', '6.1', '6.2'],
    ['CHANGED', 'needsReboot', 'false', 'true'],
  ]);
});

describe('hardware', () => {
  const box = {
    manufacturer: 'Acme',
    model: 'One',
    serialNumber: 'S',
    isVirtual: false,
    memoryBytes: 8,
    cpu: { model: 'C', cores: 2, threads: 4, speedMhz: 800 },
    memoryModules: [
      {
        slot: 'DIMM 0',
        sizeBytes: 8,
        type: 'DDR5',
        speedMhz: null,
        manufacturer: null,
        partNumber: 'P',
        serialNumber: null,
      },
    ],
  };

  test('changes with what is built in, not with the clock of the moment', () => {
    const after = {
      ...box,
      memoryBytes: 16,
      cpu: { ...box.cpu, speedMhz: 4_000 },
      memoryModules: [{ ...box.memoryModules[0], sizeBytes: 16 }],
    };

    expect(diff('HARDWARE', box, after)).toEqual([
      ['CHANGED', 'memoryBytes', '8', '16'],
      ['CHANGED', 'memoryModules.DIMM 0', '8 DDR5 P', '16 DDR5 P'],
    ]);
  });

  test('as an older agent reported it can be compared', () => {
    const { memoryModules: _, ...older } = box;

    expect(diff('HARDWARE', older, box)).toEqual([['ADDED', 'memoryModules.DIMM 0', null, '8 DDR5 P']]);
  });
});

test('a flood leaves five hundred changes and the number of the rest', () => {
  const many = Array.from({ length: 800 }, (_, index) => ({ ...bash, name: `p${index}` }));

  const kept = boundChanges(diffSection('SOFTWARE', [], many));

  expect(kept).toHaveLength(501);
  expect(kept.at(-1)).toMatchObject({ section: 'SOFTWARE', name: '…', omitted: 300 });
});

test('long values are cut', () => {
  const [change] = diffSection('SOFTWARE', [], [{ ...bash, name: 'x'.repeat(500), version: 'v'.repeat(2_000) }]);

  expect(change!.name).toHaveLength(300);
  expect(change!.after).toHaveLength(1_000);
});

test('what moves all the time leaves no history', () => {
  expect(INVENTORY_SECTIONS.filter(section => !isTracked(section))).toEqual([
    'USERS',
    'PROCESSES',
    'UPDATES',
    'CONTAINERS',
  ]);
});
