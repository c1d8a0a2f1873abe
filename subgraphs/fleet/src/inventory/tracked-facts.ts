import type { SectionData } from './section-shapes.ts';

type Value = string | number | boolean | null | undefined;

/** What is compared of one thing, and what stands for it when it comes or goes; a field '' is the thing's own value. */
export interface Facts {
  readonly summary: string | null;
  readonly fields: Readonly<Record<string, string | null>>;
}
/** The things of a section by name; a thing that has one value only is that value. */
export type Tracked = ReadonlyMap<string, Facts | string | null>;

/** Of each section whose changes are kept, the facts that count. */
export const TRACKED = {
  OS: ({ machineId: _, ...os }: SectionData<'OS'>) => valuesOf(os),
  HARDWARE: hardwareFacts,
  // whether a cable is plugged in is a state, and the speed follows from it
  NETWORK: (interfaces: SectionData<'NETWORK'>) =>
    listOf(interfaces, ({ name, addresses, macAddress, mtu }) => {
      const sorted = [...addresses].sort().join(', ') || null;
      return [name, { summary: sorted, fields: { addresses: sorted, macAddress, mtu: textOf(mtu) } }];
    }),
  SOFTWARE: softwareFacts,
  SERVICES: (services: SectionData<'SERVICES'>) =>
    listOf(services, ({ name, displayName, isEnabled }) => [
      name,
      { summary: displayName, fields: { isEnabled: textOf(isEnabled) } },
    ]),
  // the system gives a disk another name when it finds them in another order
  DISKS: (disks: SectionData<'DISKS'>) =>
    listOf(disks, ({ name, model, serialNumber, sizeBytes }) => {
      const size = textOf(sizeBytes);
      return [
        serialNumber ? `${model ?? 'disk'} ${serialNumber}` : name,
        { summary: size, fields: { sizeBytes: size } },
      ];
    }),
  FILE_SYSTEMS: (fileSystems: SectionData<'FILE_SYSTEMS'>) =>
    listOf(fileSystems, ({ mountPoint, device, type, sizeBytes }) => [
      mountPoint,
      { summary: device, fields: { device, type, sizeBytes: textOf(sizeBytes) } },
    ]),
} as const;

export type TrackedSection = keyof typeof TRACKED;

function hardwareFacts({ cpu, memoryModules = [], ...machine }: SectionData<'HARDWARE'>): Tracked {
  // the clock of a processor is what it runs at this moment
  const { model, cores, threads } = cpu;
  const ofCpu = [...valuesOf({ model, cores, threads })].map(([name, value]) => [`cpu.${name}`, value] as const);
  const modules = memoryModules.map(({ slot, sizeBytes, type, partNumber, serialNumber }) => {
    const text = [sizeBytes, type, partNumber, serialNumber].filter(Boolean).join(' ');
    return [`memoryModules.${slot}`, text] as const;
  });
  return new Map([...valuesOf(machine), ...ofCpu, ...modules]);
}

/** A package may be installed in several versions at once, as kernels are. */
function softwareFacts(packages: SectionData<'SOFTWARE'>): Tracked {
  const versions = new Map<string, string>();
  for (const { name, architecture, version } of packages) {
    const key = architecture ? `${name} (${architecture})` : name;
    const known = versions.get(key);
    versions.set(key, known === undefined ? version : [...known.split(', '), version].sort().join(', '));
  }
  return versions;
}

/** Every value of an object is there in both reports, so that one that appears is a change. */
function valuesOf(values: Readonly<Record<string, Value>>): ReadonlyMap<string, string | null> {
  return new Map(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
}

function listOf<T>(list: readonly T[], read: (one: T) => [string, Facts]): Tracked {
  return new Map(list.map(one => read(one)));
}

function textOf(value: Value): string | null {
  return value === null || value === undefined ? null : String(value);
}
