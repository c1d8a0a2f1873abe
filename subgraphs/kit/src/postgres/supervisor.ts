import { setTimeout as delay } from 'node:timers/promises';
import { superuser } from './cluster.ts';
import type { Place } from './place.ts';
import { isPostmasterOf, isRunning, type Postmaster, until } from './process.ts';

/** A running PostgreSQL on this machine, started again on the same port should it die. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** True when it was found running, left by a process that was killed. */
  readonly wasAdopted: boolean;
  /** Where its files really are. */
  readonly home: string;
  /** Address of a database for the superuser. */
  url(database: string): string;
  /** Ends the server in order, by force after 4 s; later calls give the same end. */
  stop(): Promise<void>;
}

/** A server that runs, how it came to, and the key to it. */
export interface Provided {
  readonly server: Postmaster;
  readonly wasAdopted: boolean;
  readonly password: string;
}

interface Supervision extends Provided {
  readonly place: Place;
  readonly start: (port: number) => Promise<Provided>;
  readonly log: (message: string) => void;
}

/** Keeps one server running until it is told to stop, also when the server is not a child of this process. */
export class Supervisor implements EmbeddedPostgres {
  readonly #supervision: Supervision;
  readonly #watch: NodeJS.Timeout;
  #server: Postmaster;
  #revival: Promise<void> | undefined;
  #end: Promise<void> | undefined;

  constructor(supervision: Supervision) {
    this.#supervision = supervision;
    this.#server = supervision.server;
    this.#watch = setInterval(() => this.reviveIfDead(), 250).unref();
  }

  get port(): number {
    return this.#server.port;
  }

  get pid(): number {
    return this.#server.pid;
  }

  get wasAdopted(): boolean {
    return this.#supervision.wasAdopted;
  }

  get home(): string {
    return this.#supervision.place.home;
  }

  url(database: string): string {
    return `postgres://${superuser}:${this.#supervision.password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  stop(): Promise<void> {
    this.#end ??= this.end();
    return this.#end;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private reviveIfDead(): void {
    if (this.#revival || this.#end || isRunning(this.pid)) return;
    this.#supervision.log(`PostgreSQL (process ${this.pid}) died: starting it again`);
    this.#revival = this.revive().finally(() => {
      this.#revival = undefined;
    });
  }

  private async revive(): Promise<void> {
    try {
      this.#server = (await this.#supervision.start(this.port)).server;
    } catch (error) {
      this.#supervision.log(`PostgreSQL could not be started again: ${(error as Error).message}`);
      await delay(1000);
    }
  }

  private async end(): Promise<void> {
    clearInterval(this.#watch);
    await this.#revival;
    const { data } = this.#supervision.place;
    const isGone = () => !isRunning(this.pid);
    for (const [signal, patience] of [
      ['SIGINT', 4000],
      ['SIGQUIT', 6000],
    ] as const) {
      if (!isPostmasterOf(this.pid, data)) return;
      signalTo(this.pid, signal);
      if (await until(isGone, patience)) return;
    }
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself a moment ago
  }
}
