import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { messageOf } from '../log.ts';
import { marker } from './process-tree.ts';
import { readProcess } from './processes.ts';
import { shim } from './shim.ts';
import type { ShimProcess, SpoolEntry } from './spool.ts';
import { startUnit, type Units } from './units.ts';

/** How shims are run. */
export interface ShimHost {
  /** The shim's text as a file. */
  readonly file: string;
  readonly path: string;
  /** Runs the shim; /bin/sh everywhere but in tests. */
  readonly shell?: string;
  /** Present where each command gets a unit of its own. */
  readonly units?: Units;
}

/** A shim that lives, and the news of its end while this agent is its parent. */
export interface Launched {
  readonly shim: ShimProcess;
  onExit(listener: () => void): void;
}

/** The shim enforces the timeout itself this much later than the agent, which comes first while it lives. */
const watchdogGraceSeconds = 10;

/** Puts the shim where launches find it; running shims keep reading the file they began with. */
export function installShim(file: string): void {
  writeFileSync(`${file}.new`, shim, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** What runs under the shim. */
export interface Launchable {
  readonly entry: SpoolEntry;
  readonly line: readonly string[];
  readonly timeoutSeconds: number;
}

/** Starts the supervised command in a session of its own; rejects when no process could be made, null where systemd is its parent. */
export async function launch({ entry, line, timeoutSeconds }: Launchable, host: ShimHost): Promise<Launched | null> {
  for (const name of ['stdout', 'stderr', 'shim']) closeSync(openSync(entry.path(name), 'a', 0o600));
  const watchdog = String(timeoutSeconds + watchdogGraceSeconds);
  const process: Supervised = {
    entry,
    environment: { PATH: host.path, LC_ALL: 'C', [marker]: entry.id },
    line: [host.shell ?? '/bin/sh', host.file, entry.folder, entry.id, watchdog, ...line],
  };
  if (!host.units) return launchChild(process);
  await launchUnit(process, host.units);
  return null;
}

interface Supervised {
  readonly entry: SpoolEntry;
  readonly environment: Readonly<Record<string, string>>;
  readonly line: readonly string[];
}

/** An error means that the command does not run and never will, also when systemd was merely slow. */
async function launchUnit({ entry, environment, line }: Supervised, units: Units): Promise<void> {
  const errorFile = entry.path('shim');
  try {
    await startUnit({ commandId: entry.id, environment, errorFile, line }, units);
  } catch (error) {
    if (entry.forbidShim()) throw new Error(`systemd did not start the command: ${messageOf(error)}`);
  }
}

function launchChild({ entry, environment, line }: Supervised): Promise<Launched> {
  const notices = openSync(entry.path('shim'), 'a');
  try {
    const [program = '', ...rest] = line;
    const stdio: StdioOptions = ['ignore', 'ignore', notices];
    return watchStart(spawn(program, rest, { detached: true, cwd: '/', env: environment, stdio }));
  } finally {
    closeSync(notices);
  }
}

/** A failed start fires `error` and then `close`: only one of `spawn` and `error` settles this. */
function watchStart(child: ChildProcess): Promise<Launched> {
  child.unref();
  const { pid } = child;
  // Read at once: the process cannot be reaped, and its pid not be used again, before the event loop turns.
  const startTime = pid === undefined ? '' : (readProcess(pid)?.startTime ?? '');
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () =>
      resolve({
        shim: { pid: pid ?? -1, startTime },
        onExit: listener => (exited ? listener() : child.once('exit', listener)),
      }),
    );
  });
}
