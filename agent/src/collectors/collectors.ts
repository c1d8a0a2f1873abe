import type { SectionName } from '../operations.ts';
import { collectDisks } from './disks.ts';
import { collectFileSystems } from './file-systems.ts';
import { collectHardware } from './hardware.ts';
import { collectNetwork } from './network.ts';
import { collectOperatingSystem } from './operating-system.ts';
import { collectSoftware } from './software.ts';
import { collectUsers } from './users.ts';

/** One part of the inventory. */
export interface Collector {
  readonly section: SectionName;
  collect(): object | Promise<object>;
}

/** The parts of the inventory, in the order in which they are sent; none of them starts a process. */
export const collectors: readonly Collector[] = [
  { section: 'OS', collect: () => collectOperatingSystem() },
  { section: 'HARDWARE', collect: () => collectHardware() },
  { section: 'FILE_SYSTEMS', collect: () => collectFileSystems() },
  { section: 'DISKS', collect: () => collectDisks() },
  { section: 'NETWORK', collect: () => collectNetwork() },
  { section: 'USERS', collect: () => collectUsers() },
  { section: 'SOFTWARE', collect: () => collectSoftware() },
];
