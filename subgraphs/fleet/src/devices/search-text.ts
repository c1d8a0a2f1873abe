import type { SectionData } from './section-shapes.ts';

/** What a device is found by, in lower case: names, site of the wire, serial number, system. */
export function searchTextOf(
  device: { hostname: string; displayName?: string | null | undefined },
  sections: ReadonlyMap<string, unknown>,
): string {
  const os = sections.get('OS') as SectionData<'OS'> | undefined;
  const hardware = sections.get('HARDWARE') as SectionData<'HARDWARE'> | undefined;
  const network = (sections.get('NETWORK') ?? []) as SectionData<'NETWORK'>;
  const words = [
    device.hostname,
    device.displayName,
    os?.name,
    os?.version,
    hardware?.manufacturer,
    hardware?.model,
    hardware?.serialNumber,
    ...network.flatMap(one => [one.macAddress, ...one.addresses.map(address => address.split('/')[0])]),
  ];
  return words.filter(Boolean).join(' ').toLowerCase().slice(0, 4_000);
}
