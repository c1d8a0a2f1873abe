import type { CommandReportInput, OutputChunkInput } from './agent-operations.ts';
import { type CommandStatusName, isFinal } from './command.entity.ts';

/** Most bytes of output that are kept of one command, whatever its agent sends. */
export const MAX_STORED_BYTES = 4 * 1024 * 1024;

/** What a report can change of a command. */
export interface ReportedState {
  readonly status: CommandStatusName;
  /** True for an end that the server has presumed in the silence of the device: a report corrects it. */
  readonly isPresumed: boolean;
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
  readonly outputBytes: number;
  readonly storedBytes: number;
  readonly isOutputTruncated: boolean;
  readonly lastSequence: number;
}

/** What follows from a report: the new state, chunks to keep, and what to tell the agent. */
export interface ReportOutcome {
  readonly state: ReportedState;
  readonly chunks: readonly OutputChunkInput[];
  readonly isFinal: boolean;
}

/** Applies one report: ends stay ends unless they were presumed, chunks count on without a gap or not at all, the end waits for its last chunk. */
export function applyReport(before: ReportedState, report: CommandReportInput, now: Date): ReportOutcome {
  if (isFinal(before.status) && !before.isPresumed) return { state: before, chunks: [], isFinal: true };
  const started = start(before, report, now);
  const { state, chunks } = append(started, report.chunks ?? []);
  const { finished } = report;
  if (!finished || state.lastSequence < finished.lastSequence) return { state, chunks, isFinal: false };
  const end: ReportedState = {
    ...state,
    status: finished.status,
    isPresumed: false,
    finishedAt: between(state.startedAt ?? state.queuedAt, finished.finishedAt, now),
    exitCode: finished.exitCode ?? null,
    signal: finished.signal?.slice(0, 32) ?? null,
    reason: finished.reason?.slice(0, 1_000) ?? null,
    outputBytes: Number(finished.outputBytes),
    isOutputTruncated: state.isOutputTruncated || finished.isOutputTruncated,
  };
  return { state: end, chunks, isFinal: true };
}

function start(before: ReportedState, report: CommandReportInput, now: Date): ReportedState {
  const hasStarted = report.startedAt || (report.chunks?.length ?? 0) > 0;
  // an order that could not even be started ends without ever having run
  if (!hasStarted && before.startedAt === null) return before;
  const startedAt = before.startedAt ?? between(before.queuedAt, report.startedAt ?? now, now);
  return { ...before, status: 'RUNNING', isPresumed: false, startedAt, finishedAt: null, reason: null };
}

function append(
  before: ReportedState,
  chunks: readonly OutputChunkInput[],
): { state: ReportedState; chunks: OutputChunkInput[] } {
  const kept: OutputChunkInput[] = [];
  let { lastSequence, storedBytes, outputBytes, isOutputTruncated } = before;
  for (const chunk of [...chunks].sort((a, b) => a.sequence - b.sequence)) {
    if (chunk.sequence !== lastSequence + 1) continue;
    lastSequence = chunk.sequence;
    const bytes = Buffer.byteLength(chunk.text);
    outputBytes += bytes;
    if (storedBytes + bytes > MAX_STORED_BYTES) {
      isOutputTruncated = true;
      continue;
    }
    storedBytes += bytes;
    kept.push(chunk);
  }
  return { state: { ...before, lastSequence, storedBytes, outputBytes, isOutputTruncated }, chunks: kept };
}

/** The agent's clock is a hint: nothing happened before it was asked for or after now. */
function between(earliest: Date, claimed: Date, latest: Date): Date {
  return new Date(Math.max(earliest.getTime(), Math.min(claimed.getTime(), latest.getTime())));
}
