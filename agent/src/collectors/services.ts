import { ask } from '../child.ts';
import { isSystemdRunning } from '../systemd.ts';

export type ServiceState = 'RUNNING' | 'EXITED' | 'STOPPED' | 'STARTING' | 'STOPPING' | 'FAILED' | 'UNKNOWN';

/** One entry of section SERVICES. */
export interface SystemService {
  name: string;
  displayName: string | null;
  state: ServiceState;
  isEnabled: boolean | null;
  description: string | null;
}

const deadlineMs = 10_000;
/** Not JSON: half of the systems in use have a systemctl that does not write it. */
const listing = ['--type=service', '--plain', '--no-legend', '--no-pager', '--full'];

/** The services of systemd, loaded or only installed; none where another init runs. */
export async function collectServices(): Promise<SystemService[]> {
  if (!isSystemdRunning()) return [];
  const [units, files] = await Promise.all([
    ask('systemctl', ['list-units', '--all', ...listing], { deadlineMs }),
    ask('systemctl', ['list-unit-files', ...listing], { deadlineMs }),
  ]);
  return toServices(units, files);
}

/** Joins what systemctl says of loaded units and of installed unit files. */
export function toServices(units: string, files: string): SystemService[] {
  const installed = new Map(rows(files).map(([name = '', state = '']) => [name, state]));
  const services = new Map<string, SystemService>();
  for (const [name, state] of installed) {
    // A template is no service until it is given an instance; an alias is another name for one.
    if (name.endsWith('@.service') || state === 'alias') continue;
    services.set(name, toService(name, 'STOPPED', { fileState: state }));
  }
  for (const [name = '', load = '', active = '', sub = '', ...words] of rows(units)) {
    if (load === 'not-found') continue;
    const fileState = installed.get(name) ?? installed.get(name.replace(/@.+\.service$/, '@.service'));
    services.set(name, toService(name, toState(active, sub), { fileState, description: words.join(' ') }));
  }
  return [...services.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

interface Known {
  fileState: string | undefined;
  description?: string;
}

function toService(name: string, state: ServiceState, { fileState, description }: Known): SystemService {
  // systemd names a unit in words only once, and where it has none it repeats the unit's name.
  const words = description && description !== name ? description : null;
  return { name, displayName: null, state, isEnabled: isEnabled(fileState), description: words };
}

const states: Record<string, ServiceState> = {
  active: 'RUNNING',
  reloading: 'RUNNING',
  refreshing: 'RUNNING',
  inactive: 'STOPPED',
  activating: 'STARTING',
  deactivating: 'STOPPING',
  failed: 'FAILED',
};

/** A unit that did its work and left nothing running is active too. */
function toState(active: string, sub: string): ServiceState {
  return sub === 'exited' ? 'EXITED' : (states[active] ?? 'UNKNOWN');
}

/** Static, generated and transient units are neither: something else decides whether they start. */
function isEnabled(fileState: string | undefined): boolean | null {
  if (fileState === 'enabled' || fileState === 'enabled-runtime') return true;
  if (fileState === 'disabled' || fileState?.startsWith('masked')) return false;
  return null;
}

function rows(text: string): string[][] {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return lines.map(line => line.trim().split(/\s+/)).filter(([name]) => name?.endsWith('.service'));
}
