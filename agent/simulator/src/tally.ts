/** What all simulated devices did, as printed in the end. */
export interface Summary {
  readonly devices: number;
  readonly enrolled: number;
  readonly online: number;
  /** Executions that began. */
  readonly commandsRun: number;
  /** Commands whose end the server has committed. */
  readonly commandsFinished: number;
  /** Command ids that were executed more than once, anywhere. */
  readonly ranTwice: number;
  /** Leases of a command that its device knew already; they are reported again, not run. */
  readonly redelivered: number;
  /** Commands that a device did not believe. */
  readonly refused: number;
  /** Repeated ones included. */
  readonly chunksSent: number;
  readonly chunksAcknowledged: number;
  /** Reports whose end is not acknowledged yet. */
  readonly pending: number;
  readonly connections: number;
  readonly reconnects: number;
  readonly linksDropped: number;
  readonly revoked: number;
  readonly rssBytes: number;
}

/** Counts over all devices of one simulator. */
export class Tally {
  readonly #executions = new Map<string, number>();
  enrolled = 0;
  commandsFinished = 0;
  redelivered = 0;
  refused = 0;
  chunksSent = 0;
  chunksAcknowledged = 0;
  connections = 0;
  reconnects = 0;
  linksDropped = 0;
  revoked = 0;

  /** An execution began. */
  execute(commandId: string): void {
    this.#executions.set(commandId, (this.#executions.get(commandId) ?? 0) + 1);
  }

  get commandsRun(): number {
    return this.#executions.values().reduce((sum, count) => sum + count, 0);
  }

  get ranTwice(): number {
    return this.#executions
      .values()
      .filter(count => count > 1)
      .toArray().length;
  }
}
