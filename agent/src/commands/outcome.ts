import { constants } from 'node:os';
import type { Finished } from '../operations.ts';
import type { Ending } from './spool.ts';

/** What is known when a command is over. */
export interface Evidence {
  /** The status that the shim's shell saw, or null where there is no record. */
  readonly exit: number | null;
  /** Whether that shell named a signal. */
  readonly hasDeathNotice: boolean;
  readonly ending: Ending | null;
  readonly isSameBoot: boolean;
  /** Processes that not even KILL ended. */
  readonly survivors: readonly number[];
}

/** The part of the end that follows from how the process ended. */
export type Outcome = Pick<Finished, 'status' | 'exitCode' | 'signal' | 'reason'>;

/** Says how a command ended; what is not known is LOST, never a guess. */
export function toOutcome(evidence: Evidence): Outcome {
  const { exit, ending } = evidence;
  const died = exit === null ? { exitCode: null, signal: null } : fromStatus(exit, evidence.hasDeathNotice);
  if (ending) return { ...died, ...fromEnding(ending, evidence.survivors) };
  if (exit === null) return { ...died, status: 'LOST', reason: lostReason(evidence) };
  return { ...died, status: exit === 0 ? 'SUCCEEDED' : 'FAILED', reason: null };
}

/** A shell folds "killed by signal n" into 128 + n, which a script may also answer itself: only the notice tells them apart. */
function fromStatus(exit: number, hasDeathNotice: boolean): Pick<Outcome, 'exitCode' | 'signal'> {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exit - 128)?.[0];
  return signal && hasDeathNotice ? { exitCode: null, signal } : { exitCode: exit, signal: null };
}

function fromEnding(ending: Ending, survivors: readonly number[]): Pick<Outcome, 'status' | 'reason'> {
  const left = survivors.length > 0 ? `these processes could not be ended: ${survivors.join(', ')}` : null;
  switch (ending) {
    case 'timeout':
      return { status: 'TIMED_OUT', reason: left };
    case 'cancel':
    case 'unwanted':
      return { status: 'CANCELLED', reason: left };
    case 'stop':
      return { status: 'FAILED', reason: 'the agent was stopped' };
    case 'overflow':
      return { status: 'FAILED', reason: 'the command wrote more output than this device can hold' };
    default:
      return ending satisfies never;
  }
}

function lostReason(evidence: Evidence): string {
  if (!evidence.isSameBoot) return 'the device restarted while the command ran';
  return 'the process that supervised the command vanished without a record of its end';
}
