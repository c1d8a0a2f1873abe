import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where test agents look for programs. */
export const testPath = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** How an agent process is run: from its source, unless `program` names a bundle. */
export interface ProcessOptions {
  readonly env?: Record<string, string>;
  readonly ipc?: boolean;
  readonly program?: readonly string[];
}

/** The real agent in a process of its own. */
export class AgentProcess {
  readonly #child: ChildProcess;
  /** Everything it wrote to stderr. */
  log = '';
  readonly exit: Promise<number | null>;

  constructor(args: string[], options: ProcessOptions = {}) {
    const program = options.program ?? ['--conditions=source', main];
    this.#child = spawn(process.execPath, [...program, ...args], {
      env: { PATH: testPath, HOME: '/nonexistent', ...options.env },
      stdio: options.ipc ? ['ignore', 'ignore', 'pipe', 'ipc'] : ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.log += text;
    });
    // Not `close`: that never comes for a child whose channel this side has closed.
    const exit = once(this.#child, 'exit') as Promise<[number | null]>;
    const end = once(this.#child.stderr as NodeJS.ReadableStream, 'end');
    this.exit = Promise.all([exit, end]).then(([[status]]) => status);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  disconnect(): void {
    this.#child.disconnect();
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal);
    return this.exit;
  }
}
