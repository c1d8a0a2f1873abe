import type { Database } from '@muster/kit/database/database';
import { inTransaction } from '@muster/kit/database/transaction';
import { AppError } from '@muster/kit/errors';
import { GroupedWork } from '@muster/kit/grouped-work';
import type { CommandChanged, Events } from '../events.ts';
import { wakeNext } from '../jobs/wake-next.ts';
import type { CommandAcknowledgement, CommandReportInput } from './agent-operations.ts';
import { isFinal } from './command.entity.ts';
import { applyReport, type ReportOutcome } from './report-rules.ts';
import { readStates, type StoredState, writeOutcomes } from './report-store.ts';

interface Call {
  readonly deviceId: string;
  readonly reports: readonly CommandReportInput[];
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
  readonly #work: GroupedWork<Call, CommandAcknowledgement[]>;

  constructor(database: Database, events: Events) {
    this.#database = database;
    this.#events = events;
    this.#work = new GroupedWork({ work: calls => this.#commit(calls), maxBatch: MAX_BATCH, maxWaiting: MAX_WAITING });
  }

  /** Resolves once everything that is acknowledged is committed. */
  report(deviceId: string, reports: readonly CommandReportInput[]): Promise<CommandAcknowledgement[]> {
    return this.#work.do({ deviceId, reports });
  }

  async #commit(calls: readonly Call[]): Promise<CommandAcknowledgement[][]> {
    const group = new ReportGroup(calls);
    await inTransaction(this.#database.pool, async client => {
      group.take(await readStates(client, group.commandIds));
      await writeOutcomes(client, group.outcomes);
    }).catch(cause => {
      throw new AppError('SERVICE_UNAVAILABLE', 'The reports are not stored; send them again.', { cause });
    });
    for (const event of group.changes) this.#events.commandChanged(event);
    for (const commandId of group.grown) this.#events.outputGrown(commandId);
    await wakeNext(this.#database, this.#events, group.jobsWithRoom).catch(() => {
      // agents ask every minute anyway
    });
    return calls.map(call => group.acknowledgementsOf(call));
  }
}

/** The calls of one transaction and what follows from them. */
class ReportGroup {
  readonly commandIds: string[];
  readonly outcomes = new Map<string, ReportOutcome>();
  readonly changes: CommandChanged[] = [];
  readonly grown: string[] = [];
  /** Jobs that run on some devices at a time, of which one has ended. */
  readonly jobsWithRoom: string[] = [];
  readonly #batch: readonly Call[];
  #states = new Map<string, StoredState>();

  constructor(batch: readonly Call[]) {
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
      const { deviceId, organizationId, jobId } = before;
      if (state.status !== before.status) this.changes.push({ commandId, deviceId, organizationId, jobId });
      else if (chunks.length > 0) this.grown.push(commandId);
      if (jobId && before.isLimited && isFinal(state.status)) this.jobsWithRoom.push(jobId);
    }
  }

  acknowledgementsOf({ deviceId, reports }: Call): CommandAcknowledgement[] {
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
