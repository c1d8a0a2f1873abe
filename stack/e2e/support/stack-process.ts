import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_TIMEOUT_MS = 60_000;

/** A whole stack as a process of its own, as a user starts it. */
export interface StackProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** Everything printed by the process that runs now. */
  readonly output: string;
  /** The secret of the set-up link that was printed last. */
  readonly secret: string;
  /** Ends it in order and answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** kill -9. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /** Pid of the agent that it runs. */
  agentPid(): Promise<number>;
}

/** How a stack is started. */
export interface StackOptions {
  readonly hasAgent?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a stack over a fresh data directory on a free port. */
export async function startStackProcess(options: StackOptions = {}): Promise<StackProcess> {
  const stack = new RunningStack(await newFolder('stack'), await freePort(), options);
  await stack.start();
  return stack;
}

/** A new temporary folder that the database's own user may pass through. */
export async function newFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `muster-e2e-${purpose}-`));
  await chmod(folder, 0o711);
  return folder;
}

/** Runs the stack's program to its end and answers what it said; for starts that must fail. */
export async function runStack(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = launch(env, []);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += chunk));
  const [code] = await once(child, 'exit');
  return { code, output };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function launch(env: Readonly<Record<string, string>>, args: readonly string[]): ChildProcess {
  const program = [
    '--conditions=source',
    '--enable-source-maps',
    '--import',
    '@oxc-node/core/register',
    'stack/src/main.ts',
    ...args,
  ];
  return spawn(process.execPath, program, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

class RunningStack implements StackProcess {
  readonly dataDirectory: string;
  readonly port: number;
  readonly #options: StackOptions;
  #child: ChildProcess | undefined;
  output = '';

  constructor(dataDirectory: string, port: number, options: StackOptions) {
    this.dataDirectory = dataDirectory;
    this.port = port;
    this.#options = options;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get secret(): string {
    const [, secret] = /\/setup#secret=(\S+)/.exec(this.output) ?? [];
    if (!secret) throw new Error(`no set-up link was printed:\n${this.output}`);
    return secret;
  }

  async start(): Promise<void> {
    this.output = '';
    const env = { MUSTER_DATA_DIR: this.dataDirectory, MUSTER_PORT: String(this.port), ...this.#options.env };
    const child = launch(env, this.#options.hasAgent ? ['--agent'] : []);
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the stack did not start:\n${this.output}`)), START_TIMEOUT_MS);
      child.once('exit', code => reject(new Error(`the stack ended with ${code}:\n${this.output}`)));
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', chunk => {
          this.output += chunk;
          if (!this.output.includes('Ctrl-C stops everything')) return;
          clearTimeout(timer);
          resolve();
        });
      }
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    const [code] = await once(child, 'exit');
    return code;
  }

  async crash(): Promise<void> {
    await this.stop('SIGKILL');
  }

  async agentPid(): Promise<number> {
    const lock = JSON.parse(await readFile(join(this.dataDirectory, 'agent', 'lock'), 'utf8'));
    return lock.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }
}
