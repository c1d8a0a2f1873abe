import type { Acknowledgement, CommandReport, Finished } from '../operations.ts';

/** Something that the outbox keeps telling the server until it is acknowledged. Times are of `performance.now()`. */
export interface Reporting {
  readonly id: string;
  /** When there is something to send; Infinity when there is not. */
  dueAt(): number;
  /** What to send, with the size of its text. */
  report(maxBytes: number): { report: CommandReport; bytes: number };
  /** Answers whether the server is done with it, so that the outbox forgets it. */
  acknowledge(acknowledgement: Acknowledgement): Promise<boolean>;
}

/** The end of a command that this device holds no output of: refused, or over long ago. Said once and forgotten. */
export class LateReport implements Reporting {
  readonly id: string;
  readonly #finished: Finished;

  constructor(id: string, finished: Finished) {
    this.id = id;
    this.#finished = finished;
  }

  dueAt(): number {
    return 0;
  }

  report(): { report: CommandReport; bytes: number } {
    return { report: { commandId: this.id, finished: this.#finished }, bytes: 0 };
  }

  async acknowledge(): Promise<boolean> {
    return true;
  }
}

/** The end of a command that never started. */
export function refusal(reason: string, finishedAt: string): Finished {
  return {
    status: 'FAILED',
    exitCode: null,
    signal: null,
    reason,
    finishedAt,
    outputBytes: 0,
    isOutputTruncated: false,
    lastSequence: 0,
  };
}
