import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { marker } from './process-tree.ts';
import { readProcess } from './processes.ts';
import { shim } from './shim.ts';
import type { ShimProcess, SpoolEntry } from './spool.ts';

/** How shims are run. */
export interface ShimHost {
  /** The shim's text as a file. */
  readonly file: string;
  readonly path: string;
  /** Runs the shim; /bin/sh everywhere but in tests. */
  readonly shell?: string;
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

/** Starts the supervised command in a session of its own; rejects when no process could be made. */
export function launch({ entry, line, timeoutSeconds }: Launchable, host: ShimHost): Promise<Launched> {
  for (const name of ['stdout', 'stderr']) closeSync(openSync(entry.path(name), 'a', 0o600));
  const notices = openSync(entry.path('shim'), 'a', 0o600);
  const watchdog = String(timeoutSeconds + watchdogGraceSeconds);
  try {
    const child = spawn(host.shell ?? '/bin/sh', [host.file, entry.folder, entry.id, watchdog, ...line], {
      detached: true,
      cwd: '/',
      env: { PATH: host.path, LC_ALL: 'C', [marker]: entry.id },
      stdio: ['ignore', 'ignore', notices],
    });
    return watchStart(child);
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
