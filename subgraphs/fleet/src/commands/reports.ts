import type { Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import type pg from 'pg';
import type { CommandChanged, Events } from '../events.ts';
import type { CommandAcknowledgement, CommandReportInput } from './agent-operations.ts';
import { applyReport, type ReportOutcome } from './report-rules.ts';
import { readStates, type StoredState, writeOutcomes } from './report-store.ts';

interface Pending {
  readonly deviceId: string;
  readonly reports: readonly CommandReportInput[];
  readonly resolve: (acknowledged: CommandAcknowledgement[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that may wait for a transaction; agents keep what is refused and send it again. */
const MAX_WAITING = 20_000;
/** Calls that one transaction takes. */
const MAX_BATCH = 500;

/**
 * What agents report, committed in groups: all calls that arrive during one transaction share the next, so that
 * thousands of agents cost tens of commits. A call is answered after its commit, never before.
 */
export class CommandReports {
  readonly #database: Database;
  readonly #events: Events;
  readonly #waiting: Pending[] = [];
  #isWriting = false;

  constructor(database: Database, events: Events) {
    this.#database = database;
    this.#events = events;
  }

  /** Resolves once everything that is acknowledged is committed. */
  report(deviceId: string, reports: readonly CommandReportInput[]): Promise<CommandAcknowledgement[]> {
    if (this.#waiting.length >= MAX_WAITING)
      throw new AppError('RATE_LIMITED', 'Too many reports are waiting; send this one again later.');
    return new Promise((resolve, reject) => {
      this.#waiting.push({ deviceId, reports, resolve, reject });
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, MAX_BATCH));
    this.#isWriting = false;
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    try {
      const group = new ReportGroup(batch);
      await this.#inTransaction(async client => {
        group.take(await readStates(client, group.commandIds));
        await writeOutcomes(client, group.outcomes);
      });
      for (const event of group.changes) this.#events.commandChanged(event);
      for (const commandId of group.grown) this.#events.outputGrown(commandId);
      for (const pending of batch) pending.resolve(group.acknowledgementsOf(pending));
    } catch (cause) {
      const error = new AppError('SERVICE_UNAVAILABLE', 'The reports are not stored; send them again.', { cause });
      for (const pending of batch) pending.reject(error);
    }
  }

  async #inTransaction(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await this.#database.pool.connect();
    try {
      await client.query('begin');
      await work(client);
      await client.query('commit');
      client.release();
    } catch (error) {
      // a connection in an unknown state is not used again
      client.release(true);
      throw error;
    }
  }
}

/** The calls of one transaction and what follows from them. */
class ReportGroup {
  readonly commandIds: string[];
  readonly outcomes = new Map<string, ReportOutcome>();
  readonly changes: CommandChanged[] = [];
  readonly grown: string[] = [];
  readonly #batch: readonly Pending[];
  #states = new Map<string, StoredState>();

  constructor(batch: readonly Pending[]) {
    this.#batch = batch;
    this.commandIds = [...new Set(batch.flatMap(({ reports }) => reports.map(({ commandId }) => commandId)))].sort();
  }

  /** Applies every report in the order of arrival to the stored states. */
  take(states: Map<string, StoredState>): void {
    this.#states = states;
    const now = new Date();
    for (const { deviceId, reports } of this.#batch) {
      for (const report of reports) if (states.get(report.commandId)?.deviceId === deviceId) this.#apply(report, now);
    }
    for (const [commandId, { state, chunks }] of this.outcomes) {
      const before = states.get(commandId);
      if (!before) continue;
      if (state.status !== before.status)
        this.changes.push({ commandId, deviceId: before.deviceId, organizationId: before.organizationId });
      else if (chunks.length > 0) this.grown.push(commandId);
    }
  }

  acknowledgementsOf({ deviceId, reports }: Pending): CommandAcknowledgement[] {
    return reports.map(({ commandId }) => {
      const outcome = this.#states.get(commandId)?.deviceId === deviceId ? this.outcomes.get(commandId) : undefined;
      // unknown or another's: the agent drops it
      return { commandId, throughSequence: outcome?.state.lastSequence ?? 0, isFinal: outcome?.isFinal ?? true };
    });
  }

  #apply(report: CommandReportInput, now: Date): void {
    const earlier = this.outcomes.get(report.commandId);
    const before = earlier?.state ?? this.#states.get(report.commandId);
    if (!before) return;
    const outcome = applyReport(before, report, now);
    this.outcomes.set(report.commandId, { ...outcome, chunks: [...(earlier?.chunks ?? []), ...outcome.chunks] });
  }
}
