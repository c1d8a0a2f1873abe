import type { DeviceRow } from '../devices/device.entity.ts';
import { toFingerprint, toSerialNumber } from '../identity/fingerprint.ts';
import type { ParsedSection } from './parse-report.ts';
import type { ReportInventoryInput } from './report-inventory.ts';
import type { SectionData } from './section-shapes.ts';

const MAX_VERSION = 64;
const MAX_ADDRESSES = 64;

/** What lists show and filter by, out of a report; sections that it does not hold change nothing. */
export function deviceFactsOf(
  { bootedAt, agentVersion }: ReportInventoryInput,
  sections: readonly ParsedSection[],
): Partial<DeviceRow> {
  const data = new Map(sections.map(one => [one.section, one.data]));
  const os = data.get('OS') as SectionData<'OS'> | undefined;
  const hardware = data.get('HARDWARE') as SectionData<'HARDWARE'> | undefined;
  const network = data.get('NETWORK') as SectionData<'NETWORK'> | undefined;
  return {
    ...(os && ofSystem(os)),
    ...(hardware && ofHardware(hardware)),
    ...(network && ofNetwork(network)),
    ...(bootedAt && { bootedAt }),
    ...(agentVersion && { agentVersion: agentVersion.replaceAll('\0', '').slice(0, MAX_VERSION) }),
  };
}

function ofSystem(os: SectionData<'OS'>): Partial<DeviceRow> {
  const { machineId } = toFingerprint(os);
  return {
    osFamily: os.family,
    osName: os.name ?? '',
    osVersion: os.version,
    architecture: os.architecture,
    needsReboot: os.needsReboot,
    ...(os.hostname && { hostname: os.hostname }),
    ...(machineId && { machineId }),
  };
}

function ofHardware({
  manufacturer,
  model,
  serialNumber,
  memoryBytes,
  cpu,
}: SectionData<'HARDWARE'>): Partial<DeviceRow> {
  const serial = toSerialNumber(serialNumber);
  return { manufacturer, model, memoryBytes, cpuThreads: cpu.threads, ...(serial && { serialNumber: serial }) };
}

function ofNetwork(interfaces: SectionData<'NETWORK'>): Partial<DeviceRow> {
  const { macAddresses } = toFingerprint({ macAddresses: interfaces.flatMap(one => one.macAddress ?? []) });
  const addresses = interfaces.flatMap(one => one.addresses.map(address => address.split('/')[0] ?? ''));
  return { macAddresses: [...macAddresses], addresses: reachable(addresses) };
}

/** Addresses that others may know the machine by, those of the fourth version first. */
function reachable(addresses: readonly string[]): string[] {
  const known = [...new Set(addresses)].filter(
    address => address !== '' && !/^(127\.|::1$|fe80:|169\.254\.)/i.test(address),
  );
  return [...known.filter(one => !one.includes(':')), ...known.filter(one => one.includes(':'))].slice(
    0,
    MAX_ADDRESSES,
  );
}
