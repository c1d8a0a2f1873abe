import { readFileSync } from 'node:fs';
import { meaningful } from './placeholders.ts';

/** One bank of memory that is filled. */
export interface MemoryModule {
  slot: string;
  sizeBytes: number;
  type: string | null;
  /** What the vendors call MHz: transfers in a microsecond. */
  speedMhz: number | null;
  manufacturer: string | null;
  partNumber: string | null;
  serialNumber: string | null;
}

const memoryDevice = 17;
const endOfTable = 127;
const kibibyte = 1024;
const mebibyte = 1024 * 1024;

/** SMBIOS 3.7, table 78; what is older than these is not in use. */
const types: Record<number, string> = {
  18: 'DDR',
  19: 'DDR2',
  24: 'DDR3',
  26: 'DDR4',
  29: 'LPDDR3',
  30: 'LPDDR4',
  34: 'DDR5',
  35: 'LPDDR5',
};

/** The filled banks as the firmware tells them, or null where it does not, or not to this user. */
export function collectMemoryModules(root = ''): MemoryModule[] | null {
  try {
    return toMemoryModules(readFileSync(`${root}/sys/firmware/dmi/tables/DMI`));
  } catch {
    return null;
  }
}

/** Structures of the firmware: type, length, handle, fields, then texts that end with an empty one. */
export function toMemoryModules(table: Buffer): MemoryModule[] {
  const modules: MemoryModule[] = [];
  for (let at = 0; at + 4 <= table.length; ) {
    const [type = endOfTable, length = 0] = [table[at], table[at + 1]];
    if (type === endOfTable || length < 4) break;
    const end = table.indexOf('\0\0', at + length, 'latin1');
    const next = end < 0 ? table.length : end + 2;
    if (type === memoryDevice) {
      const texts = table.toString('latin1', at + length, next).split('\0');
      const module = toModule(table.subarray(at, at + length), texts);
      if (module) modules.push(module);
    }
    at = next;
  }
  return modules;
}

/** Null for an empty slot, and where not even the size is told. */
function toModule(fields: Buffer, texts: readonly string[]): MemoryModule | null {
  const word = (offset: number) => (offset + 2 <= fields.length ? fields.readUInt16LE(offset) : 0);
  const text = (offset: number) => meaningful(texts[(fields[offset] ?? 0) - 1]?.trim() || null);
  const sizeBytes = sizeOf(fields, word(0x0c));
  const speed = word(0x15);
  if (!sizeBytes) return null;
  return {
    slot: text(0x10) ?? text(0x11) ?? `#${word(0x02)}`,
    sizeBytes,
    type: types[fields[0x12] ?? 0] ?? null,
    speedMhz: speed === 0 || speed === 0xffff ? null : speed,
    manufacturer: text(0x17),
    partNumber: text(0x1a),
    serialNumber: text(0x18),
  };
}

function sizeOf(fields: Buffer, size: number): number | null {
  if (size === 0xffff) return null;
  if (size === 0x7fff && fields.length >= 0x20) return (fields.readUInt32LE(0x1c) & 0x7fffffff) * mebibyte;
  return size & 0x8000 ? (size & 0x7fff) * kibibyte : size * mebibyte;
}
