import { bootId, uptimeSeconds } from '../boot.ts';
import type { Clock } from '../clock.ts';
import { type Log, messageOf } from '../log.ts';
import type { Acknowledgement, CommandReport, Finished } from '../operations.ts';
import type { Job } from './envelope.ts';
import { Execution } from './execution.ts';
import { type Launched, launch, type ShimHost } from './launch.ts';
import type { Outcome } from './outcome.ts';
import { Output, type OutputCap } from './output.ts';
import { type CommandHost, cleanUp, prepare } from './prepare.ts';
import type { Patience } from './process-tree.ts';
import type { Reporting } from './reporting.ts';
import type { Ending, SpoolEntry, Started } from './spool.ts';

/** What all commands of this device share. */
export interface CommandContext {
  readonly host: CommandHost;
  readonly shim: ShimHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly cap?: OutputCap;
  readonly patience?: Patience;
  /** Something is to be reported. */
  onNews(command: Command): void;
  /** A waiting command may start after all, or a slot came free. */
  onSlot(): void;
  /** Makes the end durable once the server has it; afterwards the command is unknown. */
  bury(command: Command, finished: Finished | null): Promise<void>;
}

export type CommandPhase = 'waiting' | 'running' | 'finished';

const coalesceMs = 10;
const heartbeatMs = 15_000;
const maxUnacknowledged = 64;

/** One command from the moment it is journaled until the server has committed its end. */
export class Command implements Reporting {
  readonly id: string;
  readonly entry: SpoolEntry;
  readonly #job: Job;
  readonly #context: CommandContext;
  readonly #output: Output;
  #phase: CommandPhase = 'waiting';
  #isConfirmed: boolean;
  #execution: Execution | null = null;
  #started: Started | null;
  #isStartAcknowledged = false;
  #finished: Finished | null;
  #acknowledged = 0;
  /** What the report under way holds. */
  #sent = { through: 0, hasStart: false, hasEnd: false };
  readonly #ended = Promise.withResolvers<void>();
  #wantedEnding: Ending | null = null;
  #newsSince: number | null = null;
  #lastReport = performance.now();

  constructor(entry: SpoolEntry, job: Job, context: CommandContext & { isFresh: boolean }) {
    this.id = entry.id;
    this.entry = entry;
    this.#job = job;
    this.#context = context;
    this.#isConfirmed = context.isFresh;
    this.#output = new Output(entry, context.cap);
    this.#started = entry.readStarted();
    this.#finished = entry.readFinished();
    if (this.#finished) {
      this.#phase = 'finished';
      this.#ended.resolve();
    }
    // Left waiting by an earlier agent: the server is asked first whether it still wants it.
    if (!context.isFresh) this.#newsSince = performance.now();
  }

  /** Resolves when the command has ended. */
  get finished(): Promise<void> {
    return this.#ended.promise;
  }

  get phase(): CommandPhase {
    return this.#phase;
  }

  /** Whether a slot is all that this command waits for. */
  get mayStart(): boolean {
    return this.#phase === 'waiting' && this.#isConfirmed && !this.#started;
  }

  /** The server handed it out (again), so it is still wanted. */
  confirm(): void {
    this.#isConfirmed = true;
    this.#tell();
  }

  /** Takes up what an earlier agent left: a started command is watched on, never started again. */
  resume(): void {
    if (this.#phase === 'waiting' && this.#started) this.#observe(this.#started);
  }

  /** Starts the command; whatever stands in the way becomes its end. */
  async start(): Promise<void> {
    this.#phase = 'running';
    const { clock, host } = this.#context;
    try {
      if (Date.parse(this.#job.expiresAt) <= clock.now())
        return this.#fail('the command expired before it could start');
      const line = await prepare(this.#job, host);
      const started = { at: clock.iso(), bootId: bootId(), uptime: uptimeSeconds() };
      await this.entry.markStarted(started);
      this.#started = started;
      const { timeoutSeconds } = this.#job;
      this.#observe(started, await launch({ entry: this.entry, line, timeoutSeconds }, this.#context.shim));
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  /** Ends it in whatever phase it is. */
  async end(ending: Ending): Promise<void> {
    this.#wantedEnding ??= ending;
    if (this.#phase === 'waiting') this.#finish({ ...noExit, status: 'CANCELLED', reason: null });
    else await this.#execution?.end(ending);
  }

  /** Stops watching; processes and files stay. */
  close(): void {
    this.#execution?.close();
  }

  dueAt(): number {
    if (this.#newsSince === null) return this.#lastReport + heartbeatMs;
    return this.#finished ? this.#newsSince : this.#newsSince + coalesceMs;
  }

  report(maxBytes: number): { report: CommandReport; bytes: number } {
    this.#lastReport = performance.now();
    const { chunks, bytes } = this.#output.chunksAfter(this.#acknowledged, maxBytes);
    const through = this.#acknowledged + chunks.length;
    const finished = this.#finished?.lastSequence === through ? this.#finished : null;
    this.#sent = { through, hasStart: this.#started !== null, hasEnd: finished !== null };
    const report = {
      commandId: this.id,
      ...(this.#started && !this.#isStartAcknowledged ? { startedAt: this.#started.at } : {}),
      ...(chunks.length > 0 ? { chunks } : {}),
      ...(finished ? { finished } : {}),
    };
    return { report, bytes };
  }

  async acknowledge({ throughSequence, isFinal }: Acknowledgement): Promise<boolean> {
    if (isFinal) return this.#release();
    // The server's word counts, also when it knows less than it once did.
    this.#acknowledged = Math.max(0, Math.min(throughSequence, this.#output.lastSequence));
    this.#isStartAcknowledged ||= this.#sent.hasStart;
    if (!this.#isConfirmed) {
      this.#isConfirmed = true;
      this.#context.onSlot();
    }
    if (!this.#hasNews) this.#newsSince = null;
    if (this.#acknowledged < this.#sent.through || this.#sent.hasEnd) {
      throw new Error('the server did not commit all it was sent');
    }
    return false;
  }

  /** The server is done with it: one that still runs is unwanted and ended first. */
  async #release(): Promise<boolean> {
    if (this.#phase === 'running') {
      this.#newsSince = null;
      void this.end('unwanted');
      return false;
    }
    cleanUp(this.id, this.#context.host);
    await this.#context.bury(this, this.#finished);
    return true;
  }

  get #hasNews(): boolean {
    const isStartNews = this.#started !== null && !this.#isStartAcknowledged;
    return !this.#isConfirmed || isStartNews || this.#finished !== null || this.#unacknowledged > 0;
  }

  get #unacknowledged(): number {
    return this.#output.lastSequence - this.#acknowledged;
  }

  #observe(started: Started, launched: Launched | null = null): void {
    const { log, clock, patience } = this.#context;
    this.#phase = 'running';
    this.#execution = new Execution({
      entry: this.entry,
      output: this.#output,
      started,
      timeoutSeconds: this.#job.timeoutSeconds,
      ...(launched ? { launched } : {}),
      ...(patience ? { patience } : {}),
      events: {
        mayCut: () => this.#unacknowledged < maxUnacknowledged,
        onOutput: () => this.#tell(),
        onEnd: outcome => this.#finish(outcome),
      },
      log,
      now: () => clock.iso(),
    });
    this.#tell();
    this.#execution.observe();
    if (this.#wantedEnding) void this.#execution.end(this.#wantedEnding);
  }

  #fail(reason: string): void {
    this.#finish({ ...noExit, status: 'FAILED', reason });
  }

  #finish(outcome: Outcome): void {
    const { clock } = this.#context;
    this.#finished = {
      ...outcome,
      finishedAt: clock.fromLocal(this.entry.exitedAt() ?? Date.now()),
      outputBytes: this.#output.totalBytes,
      isOutputTruncated: this.#output.isTruncated,
      lastSequence: this.#output.lastSequence,
    };
    this.#phase = 'finished';
    cleanUp(this.id, this.#context.host);
    this.#context.log.info('command finished', { commandId: this.id, status: outcome.status });
    // Not waited for: without this record a later agent concludes the same from the files of the shim.
    this.entry.writeFinished(this.#finished).catch(error => {
      this.#context.log.warn('could not record the end of a command', { error: messageOf(error) });
    });
    this.#ended.resolve();
    this.#tell();
    this.#context.onSlot();
  }

  #tell(): void {
    this.#newsSince ??= performance.now();
    this.#context.onNews(this);
  }
}

const noExit = { exitCode: null, signal: null };
