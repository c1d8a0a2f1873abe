import type { SectionName } from '../operations.ts';
import { collectContainers } from './containers.ts';
import { collectDisks } from './disks.ts';
import { collectFileSystems } from './file-systems.ts';
import { collectHardware } from './hardware.ts';
import { collectNetwork } from './network.ts';
import { collectOperatingSystem } from './operating-system.ts';
import { collectProcesses } from './processes.ts';
import { collectServices } from './services.ts';
import { collectSoftware, softwareStamp } from './software.ts';
import { collectUpdates, updatesStamp } from './updates.ts';
import { collectUsers } from './users.ts';

/** One part of the inventory. */
export interface Collector {
  readonly section: SectionName;
  collect(): object | Promise<object>;
  /** Another one than last time says that there may be news; without it there always may. */
  stamp?(): string;
  /** Sent in a report of its own: it is long, or servers may not know it. */
  readonly isAlone?: boolean;
  /** Costs seconds of processor time: not while a machine starts up. */
  readonly isHeavy?: boolean;
  /** Never twice the same, so that nothing is gained by remembering what was sent. */
  readonly isVolatile?: boolean;
}

/** The parts of the inventory, in the order in which they are sent; only services and updates ask another program. */
export const collectors: readonly Collector[] = [
  { section: 'OS', collect: () => collectOperatingSystem() },
  { section: 'HARDWARE', collect: () => collectHardware() },
  { section: 'FILE_SYSTEMS', collect: () => collectFileSystems() },
  { section: 'DISKS', collect: () => collectDisks() },
  { section: 'NETWORK', collect: () => collectNetwork() },
  { section: 'USERS', collect: () => collectUsers() },
  { section: 'SOFTWARE', collect: () => collectSoftware(), stamp: () => softwareStamp(), isAlone: true },
  { section: 'SERVICES', collect: () => collectServices(), isAlone: true },
  { section: 'CONTAINERS', collect: () => collectContainers(), isAlone: true },
  { section: 'PROCESSES', collect: () => collectProcesses(), isAlone: true, isVolatile: true },
  { section: 'UPDATES', collect: () => collectUpdates(), stamp: () => updatesStamp(), isAlone: true, isHeavy: true },
];
