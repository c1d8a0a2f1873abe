import { setTimeout as sleep } from 'node:timers/promises';
import { bootId, uptimeSeconds } from '../boot.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../log.ts';
import { DiskGuard } from './disk-guard.ts';
import type { Launched } from './launch.ts';
import { type Outcome, toOutcome } from './outcome.ts';
import type { Output } from './output.ts';
import { endTree, type Patience } from './process-tree.ts';
import { readProcess } from './processes.ts';
import type { Ending, ShimProcess, SpoolEntry, Started } from './spool.ts';
import { type FolderWatch, watchFolder } from './watch.ts';

/** What an execution tells its command. */
export interface ExecutionEvents {
  /** Whether more output may be cut now: false while much of it is unacknowledged. */
  mayCut(): boolean;
  onOutput(): void;
  onEnd(outcome: Outcome): void;
}

export interface ExecutionOptions {
  readonly entry: SpoolEntry;
  readonly output: Output;
  readonly started: Started;
  readonly timeoutSeconds: number;
  /** Absent when an earlier agent launched the command. */
  readonly launched?: Launched;
  readonly events: ExecutionEvents;
  readonly log: Log;
  readonly now: () => string;
  readonly patience?: Patience;
}

const spacingMs = 8;
const pidWaitMs = 3_000;
const longestTimerMs = 2 ** 31 - 1;

/** Watches over one command that was started, by this agent or an earlier one, until it is over. */
export class Execution {
  readonly #options: ExecutionOptions;
  readonly #guard: DiskGuard;
  readonly #began = performance.now();
  readonly #isSameBoot: boolean;
  #shim: ShimProcess | null;
  #watch: FolderWatch | null = null;
  #deadline: NodeJS.Timeout | undefined;
  #pending: NodeJS.Timeout | undefined;
  #lastLook = 0;
  #lastCut = 0;
  #ending: Ending | null;
  #isEnding = false;
  /** The shim vanished without a record of the end. */
  #isAbandoned = false;
  #survivors: readonly number[] = [];
  #isOver = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#guard = new DiskGuard(options.entry);
    this.#isSameBoot = options.started.bootId === bootId();
    this.#shim = options.launched?.shim ?? null;
    this.#ending = options.entry.readEnding();
  }

  /** Begins to watch; the events may come at once. */
  observe(): void {
    this.#watch = watchFolder(this.#options.entry.folder, () => this.#lookSoon());
    this.#options.launched?.onExit(() => this.#lookSoon());
    this.#armDeadline();
    // An earlier agent may have been killed between deciding to end the command and doing it.
    if (this.#ending) void this.#endTree();
    this.#lookSoon();
  }

  /** Ends the whole process tree; the first cause counts. */
  async end(ending: Ending): Promise<void> {
    if (this.#isOver || this.#ending) return;
    this.#ending = ending;
    try {
      await this.#options.entry.markEnding(ending);
    } catch (error) {
      this.#options.log.warn('could not record why a command is ended', { error: messageOf(error) });
    }
    await this.#endTree();
  }

  /** Stops watching; the command lives on. */
  close(): void {
    this.#isOver = true;
    this.#watch?.close();
    clearTimeout(this.#deadline);
    clearTimeout(this.#pending);
  }

  /** Nothing is concluded before the last process of the tree is gone. */
  async #endTree(): Promise<void> {
    this.#isEnding = true;
    do {
      this.#survivors = await endTree(this.#root(), this.#options.patience);
      // A shim that had not yet started its command has to be caught again a moment later.
      await sleep(spacingMs);
    } while (this.#survivors.length === 0 && !this.#isOver && this.#isShimAlive() && this.#readExit() === null);
    this.#isEnding = false;
    this.#lookSoon();
  }

  #root() {
    return { commandId: this.#options.entry.id, shimPid: this.#shim?.pid ?? -1 };
  }

  /** At once after a quiet time, else a few milliseconds later: a command that writes without pause is not looked at for each line. */
  #lookSoon(): void {
    if (this.#isOver || this.#pending) return;
    const waitMs = Math.max(0, spacingMs - (performance.now() - this.#lastLook));
    this.#pending = setTimeout(() => {
      this.#pending = undefined;
      this.#lastLook = performance.now();
      try {
        this.#look();
      } catch (error) {
        // A full disk, most likely: the folder is looked at again in half a second.
        this.#options.log.warn('could not follow a command', { error: messageOf(error) });
      }
    }, waitMs);
  }

  #look(): void {
    if (this.#isOver) return;
    // Liveness before the record of the end: the other way round, the shim could write it and die between the two looks.
    const isAlive = this.#isShimAlive();
    const exit = this.#readExit();
    if (this.#isEnding) return;
    if (exit !== null || this.#survivors.length > 0 || this.#isAbandoned) this.#finish(exit);
    else if (isAlive) this.#follow();
    else this.#abandon();
  }

  /** Nothing supervises the command any more: what is left of it is ended too. */
  #abandon(): void {
    this.#isAbandoned = true;
    void this.#endTree();
  }

  /** What appears after the shim was given up is no record of the command's own end. */
  #readExit(): number | null {
    return this.#isAbandoned ? null : this.#options.entry.readExit();
  }

  #isShimAlive(): boolean {
    if (!this.#isSameBoot) return false;
    this.#shim ??= this.#options.entry.readShim();
    if (!this.#shim) return this.#mayShimCome();
    return readProcess(this.#shim.pid)?.startTime === this.#shim.startTime;
  }

  /** A shim that systemd starts late must find that it is too late. */
  #mayShimCome(): boolean {
    const waitedMs = performance.now() - this.#began;
    return waitedMs < pidWaitMs || (waitedMs < 2 * pidWaitMs && !this.#options.entry.forbidShim());
  }

  #follow(): void {
    const { output, events, now } = this.#options;
    this.#guard.check();
    if (this.#guard.isOverflowing) void this.end('overflow');
    if (performance.now() - this.#lastCut < pace(output.lastSequence) || !events.mayCut()) return;
    if (!output.advance(now())) return;
    this.#lastCut = performance.now();
    events.onOutput();
  }

  #finish(exit: number | null): void {
    const { entry, output, events, now } = this.#options;
    // After a reboot the files may lack what was already sent: numbering goes no further than the record.
    if (this.#isSameBoot) output.finish(now());
    const evidence = { exit, survivors: this.#survivors, isSameBoot: this.#isSameBoot };
    const ending = entry.readEnding() ?? this.#ending;
    this.close();
    events.onEnd(toOutcome({ ...evidence, ending, hasDeathNotice: entry.hasDeathNotice() }));
  }

  #armDeadline(): void {
    const { started, timeoutSeconds } = this.#options;
    const leftMs = (timeoutSeconds - (uptimeSeconds() - started.uptime)) * 1_000;
    if (leftMs <= 0) void this.end('timeout');
    else this.#deadline = setTimeout(() => this.#armDeadline(), Math.min(leftMs + 1, longestTimerMs));
  }
}

/** A command that drips for days must not make a chunk of every drop. */
function pace(chunks: number): number {
  if (chunks < 500) return 0;
  if (chunks < 2_000) return 200;
  return chunks < 10_000 ? 1_000 : 10_000;
}
