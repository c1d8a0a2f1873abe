import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { type Log, messageOf } from '../log.ts';
import type { Finished, LeasedCommand } from '../operations.ts';
import { Command, type CommandContext } from './command.ts';
import { isCommandId, type Trust, verifyCommand } from './envelope.ts';
import { Journal } from './journal.ts';
import { installShim } from './launch.ts';
import type { Outbox } from './outbox.ts';
import type { OutputCap } from './output.ts';
import type { CommandHost } from './prepare.ts';
import type { Patience } from './process-tree.ts';
import { LateReport, refusal } from './reporting.ts';
import { Spool } from './spool.ts';
import { findUnits, type UnitLimits, type Units } from './units.ts';

export interface RunnerOptions {
  readonly dataDir: string;
  readonly host: CommandHost;
  readonly identity: () => Omit<Trust, 'now'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly outbox: Outbox;
  /** A slot came free: more commands may be asked for. */
  readonly onFree: () => void;
  /** Present where commands may get units of their own. */
  readonly unitLimits?: UnitLimits | null;
  readonly cap?: OutputCap;
  readonly patience?: Patience;
  readonly shell?: string;
}

/** This many run at once. */
export const maxRunning = 16;
/** This many are on the disk at all, ended but unreported ones included. */
const maxSpooled = 256;
/** A shutdown waits this long for the commands that it ends. */
const stopMs = 10_000;

/** All commands of this device: takes each one at most once, runs a bounded number, takes up what an earlier agent left. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #spool: Spool;
  readonly #journal: Journal;
  readonly #context: CommandContext;
  readonly #commands = new Map<string, Command>();
  readonly #taking = new Set<string>();
  #isStopping = false;

  private constructor(options: RunnerOptions, journal: Journal, units: Units | null) {
    const { dataDir, outbox, host, clock, log, cap, patience, shell } = options;
    const file = join(dataDir, 'shim.sh');
    installShim(file);
    this.#options = options;
    this.#journal = journal;
    this.#spool = new Spool(join(dataDir, 'spool'));
    this.#context = {
      host,
      clock,
      log,
      shim: { file, path: host.path, ...(shell ? { shell } : {}), ...(units ? { units } : {}) },
      ...(cap ? { cap } : {}),
      ...(patience ? { patience } : {}),
      onNews: () => outbox.wake(),
      onSlot: () => this.#schedule(),
      bury: (command, finished) => this.#bury(command, finished),
    };
  }

  static async open(options: RunnerOptions): Promise<Runner> {
    const { dataDir, host, unitLimits, log } = options;
    const units = unitLimits ? await findUnits({ path: host.path, limits: unitLimits }) : null;
    log.info(units ? 'each command runs in a unit of its own' : 'commands run as children of the agent');
    const runner = new Runner(options, await Journal.open(join(dataDir, 'done.ndjson')), units);
    await runner.#recover();
    return runner;
  }

  /** How many commands may be asked for now. */
  get free(): number {
    const active = [...this.#commands.values()].filter(command => command.phase !== 'finished').length;
    if (this.#isStopping) return 0;
    return Math.max(0, Math.min(maxRunning - active, maxSpooled - this.#commands.size));
  }

  /** Takes a handed-out command: verifies, journals, starts it; one that is known already only reports again. */
  async accept(leased: LeasedCommand): Promise<void> {
    const { id } = leased;
    if (!isCommandId(id)) return this.#options.log.error('refused a command whose id is no id');
    if (this.#isStopping || this.#taking.has(id)) return;
    this.#taking.add(id);
    try {
      await this.#take(leased);
    } finally {
      this.#taking.delete(id);
    }
  }

  cancel(id: string): void {
    void this.#commands.get(id)?.end('cancel');
  }

  /** Lets commands live on, or ends them and waits for their last processes; nothing starts any more. */
  async stop(endCommands: boolean): Promise<void> {
    this.#isStopping = true;
    const running = [...this.#commands.values()].filter(command => command.phase === 'running');
    if (endCommands) {
      const ends = running.map(command => command.end('stop').then(() => command.finished));
      await Promise.race([Promise.all(ends), new Promise(resolve => setTimeout(resolve, stopMs).unref())]);
    }
  }

  /** Stops watching and closes the files. */
  async close(): Promise<void> {
    for (const command of this.#commands.values()) command.close();
    await this.#journal.close();
  }

  async #take(leased: LeasedCommand): Promise<void> {
    const { id } = leased;
    const known = this.#commands.get(id);
    if (known) {
      known.confirm();
      return this.#schedule();
    }
    if (this.#journal.has(id)) return this.#repeat(id);
    const verified = verifyCommand(leased, { ...this.#options.identity(), now: this.#options.clock.now() });
    if (!verified.job) return this.#refuse(id, verified.refusal);
    if (this.#commands.size >= maxSpooled) return this.#options.log.warn('the spool is full', { commandId: id });
    const entry = await this.#spool.create(verified.job);
    this.#add(new Command(entry, verified.job, { ...this.#context, isFresh: true }));
    this.#options.log.info('command taken', { commandId: id });
    this.#schedule();
  }

  async #repeat(id: string): Promise<void> {
    const stone = await this.#journal.find(id);
    const finished =
      stone?.finished ?? refusal('the command is over; how it ended is no longer known', this.#options.clock.iso());
    this.#options.outbox.add(new LateReport(id, finished));
  }

  #refuse(id: string, reason: string): void {
    this.#options.log.error('refused a command', { commandId: id, reason });
    this.#options.outbox.add(new LateReport(id, refusal(reason, this.#options.clock.iso())));
  }

  async #recover(): Promise<void> {
    for (const entry of this.#spool.list()) {
      const job = entry.readJob();
      if (!job || this.#journal.has(entry.id)) {
        await entry.remove();
        continue;
      }
      const command = new Command(entry, job, { ...this.#context, isFresh: false });
      this.#add(command);
      this.#options.log.info('command resumed', { commandId: entry.id, phase: command.phase });
      command.resume();
    }
  }

  #add(command: Command): void {
    this.#commands.set(command.id, command);
    // A fresh command reports when it has started; until then there is nothing to say.
    this.#options.outbox.add(command);
  }

  #schedule(): void {
    if (this.#isStopping) return;
    const commands = [...this.#commands.values()];
    let running = commands.filter(command => command.phase === 'running').length;
    for (const command of commands) {
      if (running >= maxRunning) break;
      if (!command.mayStart) continue;
      running++;
      void command.start();
    }
    if (this.free > 0) this.#options.onFree();
  }

  async #bury(command: Command, finished: Finished | null): Promise<void> {
    await this.#journal.bury({ id: command.id, at: Date.now(), finished });
    this.#commands.delete(command.id);
    // The tombstone stands: a folder that cannot be removed now is removed at the next start.
    await command.entry.remove().catch(error => this.#options.log.warn('spool', { error: messageOf(error) }));
    this.#schedule();
  }
}
