import type { Job } from '../../src/commands/envelope.ts';
import type { Reporting } from '../../src/commands/reporting.ts';
import type { Acknowledgement, CommandReport, Finished, FinishedStatus, OutputChunk } from '../../src/operations.ts';
import type { Tally } from './tally.ts';

/** How a simulated command runs, and who is told. */
export interface Pretence {
  readonly chunks: number;
  readonly commandMs: number;
  readonly tally: Tally;
  /** Now, in RFC 3339 by the server's clock. */
  iso(): string;
  /** There is something to report. */
  onNews(): void;
  /** It ended: another one may run. */
  onEnd(): void;
  /** The server has committed the end, or does not want the command. */
  onForgotten(finished: Finished | null): void;
}

const heartbeatMs = 15_000;

/** A command that runs nothing: it makes numbered chunks, evenly over its time, and is reported as a real one is. */
export class SimulatedCommand implements Reporting {
  readonly id: string;
  readonly #job: Job;
  readonly #pretence: Pretence;
  readonly #times: string[] = [];
  readonly #startedAt: string;
  #timer: NodeJS.Timeout | undefined;
  #finished: Finished | null = null;
  #isStartAcknowledged = false;
  #acknowledged = 0;
  #sent = { through: 0, hasEnd: false };
  #lastReport = performance.now();
  #hasNews = true;

  constructor(job: Job, pretence: Pretence) {
    this.id = job.commandId;
    this.#job = job;
    this.#pretence = pretence;
    this.#startedAt = pretence.iso();
    pretence.tally.execute(this.id);
    this.#work();
  }

  get isRunning(): boolean {
    return this.#finished === null;
  }

  /** The server handed it out again: it is told again what it has not acknowledged. */
  confirm(): void {
    this.#tell();
  }

  /** Ends it before its time. */
  end(status: FinishedStatus): void {
    if (this.#finished) return;
    clearTimeout(this.#timer);
    const lastSequence = this.#times.length;
    const outputBytes = this.#times.reduce((sum, _, index) => sum + this.#text(index + 1).length, 0);
    const exitCode = status === 'SUCCEEDED' ? 0 : null;
    const facts = { exitCode, signal: null, reason: null, isOutputTruncated: false };
    this.#finished = { ...facts, status, finishedAt: this.#pretence.iso(), outputBytes, lastSequence };
    this.#tell();
    this.#pretence.onEnd();
  }

  /** Ends it without a word. */
  abandon(): void {
    clearTimeout(this.#timer);
  }

  dueAt(): number {
    return this.#hasNews ? 0 : this.#lastReport + heartbeatMs;
  }

  report(maxBytes: number): { report: CommandReport; bytes: number } {
    this.#lastReport = performance.now();
    const { chunks, bytes } = this.#chunks(maxBytes);
    const through = this.#acknowledged + chunks.length;
    const finished = this.#finished?.lastSequence === through ? this.#finished : null;
    this.#sent = { through, hasEnd: finished !== null };
    this.#pretence.tally.chunksSent += chunks.length;
    const report = {
      commandId: this.id,
      ...(this.#isStartAcknowledged ? {} : { startedAt: this.#startedAt }),
      ...(chunks.length > 0 ? { chunks } : {}),
      ...(finished ? { finished } : {}),
    };
    return { report, bytes };
  }

  async acknowledge({ throughSequence, isFinal }: Acknowledgement): Promise<boolean> {
    this.#isStartAcknowledged = true;
    const through = Math.min(throughSequence, this.#times.length);
    this.#pretence.tally.chunksAcknowledged += Math.max(0, through - this.#acknowledged);
    // The server's word counts, also when it knows less than it once did.
    this.#acknowledged = Math.max(0, through);
    if (isFinal) {
      // Unwanted, when it still runs.
      this.end('CANCELLED');
      this.#pretence.onForgotten(this.#finished);
      return true;
    }
    // What a cut link swallowed stays news until the server says that it has it.
    this.#hasNews = this.#acknowledged < this.#times.length || this.#finished !== null;
    if (this.#acknowledged < this.#sent.through || this.#sent.hasEnd) {
      throw new Error('the server did not commit all it was sent');
    }
    return false;
  }

  /** The next chunk, and after the last one the end. */
  #work(): void {
    const { chunks, commandMs } = this.#pretence;
    const limitMs = this.#job.timeoutSeconds * 1_000;
    const isLate = commandMs > limitMs;
    const stepMs = Math.min(commandMs, limitMs) / (chunks + 1);
    this.#timer = setTimeout(() => {
      if (this.#times.length >= chunks) return this.end(isLate ? 'TIMED_OUT' : 'SUCCEEDED');
      this.#times.push(this.#pretence.iso());
      this.#tell();
      this.#work();
    }, stepMs);
  }

  #chunks(maxBytes: number): { chunks: OutputChunk[]; bytes: number } {
    const chunks: OutputChunk[] = [];
    let bytes = 0;
    for (let sequence = this.#acknowledged + 1; sequence <= this.#times.length; sequence++) {
      const text = this.#text(sequence);
      if (chunks.length > 0 && bytes + text.length > maxBytes) break;
      const stream = sequence % 4 === 0 ? 'STDERR' : 'STDOUT';
      chunks.push({ sequence, stream, at: this.#times[sequence - 1] ?? '', text });
      bytes += text.length;
    }
    return { chunks, bytes };
  }

  /** Known to whoever knows the command: nothing can be missing or doubled unseen. */
  #text(sequence: number): string {
    return `${this.id} ${sequence}\n`;
  }

  #tell(): void {
    this.#hasNews = true;
    this.#pretence.onNews();
  }
}
