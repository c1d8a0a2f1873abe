import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Answers the questions of a parent, each a method by name. */
export function answerParent(methods: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('message', async (question: { id: number; method: string; argument: never }) => {
    const answer = await methods[question.method]?.(question.argument);
    process.send?.({ id: question.id, answer });
  });
  process.send?.('ready');
}

/** A process under test, asked over its own channel so that nothing else is measured. */
export class Child {
  readonly process: ChildProcess;
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.process = child;
  }

  static async start(file: string, argument: object): Promise<Child> {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(argument)], {
      execArgv: ['--conditions=source', '--import', '@oxc-node/core/register'],
      env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new Child(child);
  }

  async ask<T>(method: string, argument?: unknown): Promise<T> {
    const id = ++this.#asked;
    const answered = new Promise<T>(resolve => {
      const listen = (message: { id: number; answer: T }): void => {
        if (message.id !== id) return;
        this.process.off('message', listen);
        resolve(message.answer);
      };
      this.process.on('message', listen);
    });
    this.process.send({ id, method, argument });
    return answered;
  }

  /** Microseconds of processor time that it has used. */
  cpu(): Promise<number> {
    return this.ask('cpu');
  }

  stop(): void {
    this.process.kill('SIGKILL');
  }
}

/** Microseconds of processor time of this process, user and system. */
export function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
