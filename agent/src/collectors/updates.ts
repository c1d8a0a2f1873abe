import { existsSync, statSync } from 'node:fs';
import { ask } from '../child.ts';

/** One entry of section UPDATES. */
export interface PendingUpdate {
  name: string;
  currentVersion: string | null;
  newVersion: string;
  isSecurity: boolean;
}

const program = '/usr/bin/apt-get';
const deadlineMs = 120_000;

/** What an upgrade would change, by the package lists that the system has; none where there is no apt. */
export async function collectUpdates(): Promise<PendingUpdate[]> {
  if (!existsSync(program)) return [];
  // A simulation, which needs no lock and changes nothing.
  const simulation = ['-s', '-q', '-o', 'Debug::NoLocking=1', 'dist-upgrade'];
  return toUpdates(await ask(program, simulation, { deadlineMs, isPatient: true }));
}

/** Changes whenever packages were changed or the lists of what is to be had were renewed. */
export function updatesStamp(root = ''): string {
  const paths = ['/var/lib/dpkg/status', '/var/lib/apt/lists'];
  return paths.map(path => statSync(root + path, { throwIfNoEntry: false })?.mtimeMs).join(' ');
}

/** `Inst name [current] (new origin:version/archive, … [architecture])`; without a current version it is no update. */
export function toUpdates(simulation: string): PendingUpdate[] {
  const updates: PendingUpdate[] = [];
  for (const line of simulation.split('\n')) {
    const [, name, currentVersion, newVersion, origins] = /^Inst (\S+) \[(\S+)\] \((\S+) ([^)]*)\)/.exec(line) ?? [];
    if (!name || !currentVersion || !newVersion) continue;
    updates.push({ name, currentVersion, newVersion, isSecurity: /security/i.test(origins ?? '') });
  }
  return updates.sort((one, other) => (one.name < other.name ? -1 : 1));
}
