import { z } from 'zod';
import type { InventorySectionName } from './inventory-section.entity.ts';

// Agents are hostile input: every text and list has a bound, unknown keys are dropped, sizes stay exact in JSON.
const text = z
  .string()
  .max(512)
  .nullish()
  .transform(value => value ?? null);
const name = z.string().min(1).max(512);
const count = z
  .number()
  .int()
  .nonnegative()
  .max(1_000_000)
  .nullish()
  .transform(value => value ?? null);
const bytes = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const maybeBytes = bytes.nullish().transform(value => value ?? null);
const flag = z
  .boolean()
  .nullish()
  .transform(value => value ?? null);
const number = z
  .number()
  .nonnegative()
  .nullish()
  .transform(value => value ?? null);
const instant = z.iso
  .datetime({ offset: true })
  .nullish()
  .transform(value => value ?? null);

const os = z.object({
  family: z.enum(['LINUX', 'WINDOWS', 'MACOS', 'OTHER']),
  hostname: z.string().min(1).max(253).optional(),
  name: text,
  version: text,
  kernel: text,
  architecture: text,
  needsReboot: flag,
});

const hardware = z.object({
  manufacturer: text,
  model: text,
  serialNumber: text,
  isVirtual: flag,
  cpu: z.object({ model: text, cores: count, threads: count, speedMhz: number }),
  memoryBytes: maybeBytes,
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
  version: z.string().max(512),
  architecture: text,
  publisher: text,
  installedSizeBytes: maybeBytes,
});
const user = z.object({ name, terminal: text, host: text, since: instant });

/** What each section's JSON looks like once it is believed. */
export const sectionShapes = {
  OS: os,
  HARDWARE: hardware,
  FILE_SYSTEMS: z.array(fileSystem).max(1_000),
  DISKS: z.array(disk).max(1_000),
  NETWORK: z.array(networkInterface).max(2_000),
  SOFTWARE: z.array(software).max(50_000),
  USERS: z.array(user).max(1_000),
} as const satisfies Record<InventorySectionName, z.ZodType>;

/** The believed data of a section. */
export type SectionData<S extends InventorySectionName> = z.infer<(typeof sectionShapes)[S]>;
