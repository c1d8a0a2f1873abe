import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Stack } from './stack.ts';
import { askService } from './system-graph.ts';

const AGENT = fileURLToPath(new URL('../../agent/src/main.ts', import.meta.url));
const POLL_MS = 300;
const RESTART_MS = 2_000;
const STOP_MS = 4_000;
const TOKEN_SECONDS = 600;
/** Exit codes of an agent that another start would not help: refused by the server, wrongly configured. */
const HOPELESS = new Set([77, 78]);
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** What an agent for this machine needs. */
export interface LocalAgentOptions {
  readonly stack: Stack;
  readonly dataDirectory: string;
  readonly say: (line: string) => void;
}

/** Runs an agent for this very machine: enrols it once the set-up is done, starts it again should it die. */
export class LocalAgent implements AsyncDisposable {
  readonly #options: LocalAgentOptions;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #child: ChildProcess | undefined;

  constructor(options: LocalAgentOptions) {
    this.#options = options;
    this.#done = this.#run().catch(error => {
      if (!this.#abort.signal.aborted)
        options.say(`The agent of this machine does not run: ${error instanceof Error ? error.message : error}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await once(child, 'exit');
      clearTimeout(timer);
    }
    await this.#done;
  }

  async #run(): Promise<void> {
    const { stack } = this.#options;
    const { signal } = this.#abort;
    while (!(await stack.setup.isComplete())) await delay(POLL_MS, undefined, { signal });
    const token = this.#isEnrolled() ? undefined : await createToken(stack);
    while (!signal.aborted) {
      const code = await this.#runOnce(token);
      if (code !== null && HOPELESS.has(code))
        throw new Error(`it ended with ${code}; ${this.#options.dataDirectory}.log says why`);
      await delay(RESTART_MS, undefined, { signal });
    }
  }

  #isEnrolled(): boolean {
    return existsSync(join(this.#options.dataDirectory, 'enrollment.json'));
  }

  async #runOnce(token: string | undefined): Promise<number | null> {
    const { stack, dataDirectory } = this.#options;
    const args = ['--conditions=source', AGENT, '--server', stack.url, '--data-dir', dataDirectory];
    const env = { ...process.env, MUSTER_AGENT_STOP_COMMANDS: '1', ...(token && { MUSTER_ENROLLMENT_TOKEN: token }) };
    await using log = await openLog(`${dataDirectory}.log`);
    // the channel lets the agent notice that this process is gone, however it went
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', log.fd, log.fd, 'ipc'] });
    this.#child = child;
    const [code] = await once(child, 'exit');
    return code;
  }
}

/** The log is kept until it is large; then it starts anew. */
async function openLog(file: string) {
  await mkdir(dirname(file), { recursive: true });
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  return open(file, size > MAX_LOG_BYTES ? 'w' : 'a');
}

async function createToken(stack: Stack): Promise<string> {
  const { organizations } = await askService<{ organizations: { nodes: { sites: { id: string }[] }[] } }>(
    stack,
    'accounts',
    {
      query: '{ organizations(first: 1) { nodes { sites { id } } } }',
    },
  );
  const siteId = organizations.nodes[0]?.sites[0]?.id;
  if (!siteId) throw new Error('there is no site to enrol into');
  const { createEnrollmentToken } = await askService<{ createEnrollmentToken: { token: string } }>(stack, 'fleet', {
    query: 'mutation ($input: CreateEnrollmentTokenInput!) { createEnrollmentToken(input: $input) { token } }',
    variables: { input: { siteId, expiresInSeconds: TOKEN_SECONDS, maxUses: 1 } },
  });
  return createEnrollmentToken.token;
}
