import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { standardPath } from './config.ts';

/** How a foreign program is asked. */
export interface ChildLimits {
  readonly deadlineMs: number;
  /** Runs with the lowest priority: nobody waits for it. */
  readonly isPatient?: boolean;
  readonly path?: string;
}

const maxOutputBytes = 16 * 1024 * 1024;
const lowestPriority = 19;

/** What a program wrote, in the C locale; rejects when it fails, is absent, says too much or outlasts its deadline. */
export function ask(program: string, args: readonly string[], limits: ChildLimits): Promise<string> {
  const { deadlineMs, isPatient, path = standardPath } = limits;
  const child = spawn(program, args, {
    env: { PATH: path, LC_ALL: 'C' },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  if (isPatient && child.pid) lower(child.pid);
  const parts: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (part: Buffer) => {
    size += part.length;
    if (size > maxOutputBytes) child.kill('SIGKILL');
    else parts.push(part);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(parts).toString('utf8'));
      else reject(new Error(`${program} ended with ${code ?? signal}`));
    });
  });
}

function lower(pid: number): void {
  try {
    setPriority(pid, lowestPriority);
  } catch {
    // It ended already, or the system does not let us: it runs as it is.
  }
}
