import { createHash } from 'node:crypto';
import type { InventorySection, SectionName } from '../../src/operations.ts';

const gibibyte = 1024 ** 3;

/** A small inventory of a machine that does not exist, different for each number. */
export function simulatedInventory(
  number: number,
  { hostname, serialNumber }: { hostname: string; serialNumber: string },
): InventorySection[] {
  const os = { family: 'LINUX', hostname, name: 'Simulated Linux', version: String(1 + (number % 5)), kernel: '6.1.0' };
  const cpu = { model: 'Simulated CPU', cores: 1 + (number % 16), threads: 2 + 2 * (number % 16), speedMhz: 2_400 };
  const hardware = { manufacturer: 'Simulator', model: `S${number % 7}`, serialNumber, isVirtual: true };
  const [high, low] = [Math.floor(number / 250), 1 + (number % 250)];
  return [
    section('OS', { ...os, architecture: 'x86_64', needsReboot: false }),
    section('HARDWARE', { ...hardware, cpu, memoryBytes: (1 + (number % 64)) * gibibyte, memoryModules: null }),
    section('FILE_SYSTEMS', [
      {
        mountPoint: '/',
        device: '/dev/vda',
        type: 'ext4',
        sizeBytes: 40 * gibibyte,
        usedBytes: (number % 40) * gibibyte,
      },
    ]),
    section('NETWORK', [
      { name: 'eth0', macAddress: null, addresses: [`10.0.${high}.${low}/16`], isUp: true, mtu: 1500, speedMbps: null },
    ]),
  ];
}

function section(name: SectionName, content: object): InventorySection {
  const data = JSON.stringify(content);
  return { section: name, data, hash: createHash('sha256').update(data).digest('hex') };
}
