import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endTree } from '../commands/process-tree.ts';
import { readConfig } from '../config.ts';
import { AgentProcess } from './agent-process.ts';
import { until } from './facts.ts';
import { TestServer } from './test-server.ts';

/** What server and what agent a bench has. */
export interface BenchOptions {
  readonly isFirst?: boolean;
  /** Arguments for Node in place of the agent's source. */
  readonly program?: readonly string[];
}

/** A server and one device, whose agent can be killed and started again; everything is ended with it. */
export class AgentBench implements AsyncDisposable {
  readonly server: TestServer;
  readonly dataDir = mkdtempSync(join(tmpdir(), 'muster-agent-'));
  readonly #agents: AgentProcess[] = [];
  readonly #program: readonly string[] | undefined;

  private constructor(server: TestServer, program?: readonly string[]) {
    this.server = server;
    this.#program = program;
  }

  /** A server with one enrolled, present device. */
  static async start(env: Record<string, string> = {}): Promise<AgentBench> {
    const bench = await AgentBench.empty();
    bench.run(env);
    await bench.present();
    return bench;
  }

  /** A server without a device. */
  static async empty(options: BenchOptions = {}): Promise<AgentBench> {
    return new AgentBench(await TestServer.start(options), options.program);
  }

  get agent(): AgentProcess {
    return this.#agents.at(-1) as AgentProcess;
  }

  /** Starts an agent on this bench's data folder; `url` leads through a proxy. */
  run(env: Record<string, string> = {}, url = this.server.url): AgentProcess {
    const args = ['--server', url, '--token', this.server.token, '--data-dir', this.dataDir];
    const agent = new AgentProcess(args, { env, ...(this.#program ? { program: this.#program } : {}) });
    this.#agents.push(agent);
    return agent;
  }

  async present(): Promise<void> {
    await until('the device is present', () => this.server.signals.count > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#agents.map(agent => agent.kill()));
    const patience = { termMs: 0, killMs: 5_000 };
    await Promise.all([...this.server.commands.keys()].map(commandId => endTree({ commandId, shimPid: -1 }, patience)));
    await this.server.stop();
    const { config } = readConfig(['--server', 'http://localhost', '--data-dir', this.dataDir], {});
    for (const folder of [this.dataDir, config?.scriptDir])
      if (folder) rmSync(folder, { recursive: true, force: true });
  }
}
