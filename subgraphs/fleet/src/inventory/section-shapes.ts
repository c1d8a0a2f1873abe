import { z } from 'zod';
import type { InventorySectionName } from './inventory-section.ts';

/** States that a service can be in, whatever the platform calls them. */
export const SERVICE_STATES = ['RUNNING', 'EXITED', 'STOPPED', 'STARTING', 'STOPPING', 'FAILED', 'UNKNOWN'] as const;
/** States that a container can be in, whatever its engine calls them. */
export const CONTAINER_STATES = ['RUNNING', 'CREATED', 'PAUSED', 'RESTARTING', 'EXITED', 'DEAD', 'UNKNOWN'] as const;

// Agents are hostile input: every text and list has a bound, unknown keys are dropped, sizes stay exact in JSON.
const MAX_TEXT = 512;
const MAX_COMMAND = 1_024;
const cutTo = (length: number) =>
  z
    .string()
    .nullish()
    .transform(value => value?.slice(0, length) ?? null);
const text = cutTo(MAX_TEXT);
const name = z.string().min(1).max(MAX_TEXT);
const whole = z.number().int().nonnegative();
const maybe = <T extends z.ZodType>(type: T) => type.nullish().transform(value => value ?? null);
const count = maybe(whole.max(1_000_000));
const bytes = whole.max(Number.MAX_SAFE_INTEGER);
const maybeBytes = maybe(bytes);
const flag = maybe(z.boolean());
const number = maybe(z.number().nonnegative());
const time = z.iso.datetime({ offset: true });
const instant = maybe(time);

const os = z.object({
  family: z.enum(['LINUX', 'WINDOWS', 'MACOS', 'OTHER']),
  hostname: z.string().min(1).max(253).optional(),
  machineId: text,
  name: text,
  version: text,
  kernel: text,
  architecture: text,
  timeZone: text,
  needsReboot: flag,
});

const memoryModule = z.object({
  slot: name,
  sizeBytes: bytes,
  type: text,
  speedMhz: count,
  manufacturer: text,
  partNumber: text,
  serialNumber: text,
});

const hardware = z.object({
  manufacturer: text,
  model: text,
  serialNumber: text,
  isVirtual: flag,
  cpu: z.object({ model: text, cores: count, threads: count, speedMhz: number }),
  memoryBytes: maybeBytes,
  memoryModules: z
    .array(memoryModule)
    .max(512)
    .nullish()
    .transform(value => value ?? []),
});

const fileSystem = z.object({ mountPoint: name, device: text, type: text, sizeBytes: bytes, usedBytes: bytes });
const disk = z.object({ name, model: text, serialNumber: text, sizeBytes: maybeBytes, isRotational: flag });
const networkInterface = z.object({
  name,
  macAddress: text,
  addresses: z.array(z.string().max(64)).max(256),
  isUp: flag,
  mtu: count,
  speedMbps: count,
});
const software = z.object({
  name,
  version: z.string().max(MAX_TEXT),
  architecture: text,
  publisher: text,
  installedSizeBytes: maybeBytes,
});
const user = z.object({ name, terminal: text, host: text, since: instant });
const service = z.object({
  name,
  displayName: text,
  state: z.enum(SERVICE_STATES).catch('UNKNOWN'),
  isEnabled: flag,
  description: text,
});
const process = z.object({
  pid: whole.max(2 ** 31 - 1),
  name,
  user: text,
  cpuPercent: number,
  memoryBytes: maybeBytes,
  command: cutTo(MAX_COMMAND),
  startedAt: instant,
});
const update = z.object({ name, currentVersion: text, newVersion: z.string().max(MAX_TEXT), isSecurity: flag });
const container = z.object({
  id: name,
  name,
  image: name,
  state: z.enum(CONTAINER_STATES).catch('UNKNOWN'),
  status: text,
  createdAt: instant,
  ports: z
    .array(z.string().max(128))
    .max(256)
    .nullish()
    .transform(value => value ?? []),
});

/** What each section's JSON looks like once it is believed. */
export const sectionShapes = {
  OS: os,
  HARDWARE: hardware,
  FILE_SYSTEMS: z.array(fileSystem).max(1_000),
  DISKS: z.array(disk).max(1_000),
  NETWORK: z.array(networkInterface).max(2_000),
  SOFTWARE: z.array(software).max(50_000),
  USERS: z.array(user).max(1_000),
  SERVICES: z.array(service).max(5_000),
  PROCESSES: z.object({ at: time, processes: z.array(process).max(10_000) }),
  UPDATES: z.array(update).max(20_000),
  CONTAINERS: z.array(container).max(2_000),
} as const satisfies Record<InventorySectionName, z.ZodType>;

/** The believed data of a section. */
export type SectionData<S extends InventorySectionName> = z.infer<(typeof sectionShapes)[S]>;
