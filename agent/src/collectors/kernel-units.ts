import { readFileSync } from 'node:fs';

/** In what the kernel counts. */
export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

const pageSizeKey = 6;
const clockTickKey = 17;
const entryBytes = 16;

/** Read from the auxiliary vector of this very process; where that is not to be had, what nearly every kernel has. */
export function kernelUnits(root = ''): KernelUnits {
  const units = { pageBytes: 4_096, ticksPerSecond: 100 };
  try {
    const vector = readFileSync(`${root}/proc/self/auxv`);
    for (let at = 0; at + entryBytes <= vector.length; at += entryBytes) {
      const value = Number(vector.readBigUInt64LE(at + 8));
      if (vector.readBigUInt64LE(at) === BigInt(pageSizeKey)) units.pageBytes = value;
      if (vector.readBigUInt64LE(at) === BigInt(clockTickKey)) units.ticksPerSecond = value;
    }
  } catch {
    // A kernel that hides it, or one of 32 bits.
  }
  return units;
}
