import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnvironment, listProcesses, type ProcessFacts, readProcess } from './processes.ts';
import { unitMembers } from './units.ts';

/** The variable that marks every process of a command, so that one which left its session is still found. */
export const marker = 'MUSTER_COMMAND_ID';

const roundMs = 50;

/** How long a tree may take: after TERM, and after KILL. */
export interface Patience {
  readonly termMs: number;
  readonly killMs: number;
}

/** Names a command's processes: its id marks them; the shim that supervises it leads a session of its own. */
export interface TreeRoot {
  readonly commandId: string;
  /** -1 where it is not known. */
  readonly shimPid: number;
}

/**
 * The living processes of a command, without its shim: all that carry its mark, are in its unit, were seen in it before,
 * share a session with one of those or descend from one.
 */
export function findTree(root: TreeRoot, seen: readonly ProcessFacts[] = []): ProcessFacts[] {
  const ownSession = readProcess(process.pid)?.session;
  const isForeign = ({ pid, session }: ProcessFacts) => pid > 1 && session > 0 && session !== ownSession;
  const all = listProcesses().filter(facts => isForeign(facts) && facts.session !== root.shimPid);
  const before = new Set(seen.map(toKey));
  const entry = `${marker}=${root.commandId}`;
  const inUnit = unitMembers(root.commandId);
  const isRoot = (facts: ProcessFacts) =>
    facts.parent === root.shimPid ||
    inUnit.has(facts.pid) ||
    before.has(toKey(facts)) ||
    hasEnvironment(facts.pid, entry);
  const tree = new Set(all.filter(isRoot));
  for (let size = -1; size !== tree.size; ) {
    size = tree.size;
    const pids = new Set([...tree].map(facts => facts.pid));
    const sessions = new Set([...tree].map(facts => facts.session));
    for (const facts of all) if (pids.has(facts.parent) || sessions.has(facts.session)) tree.add(facts);
  }
  return [...tree];
}

/** Ends a command's processes: TERM, then KILL until none is left. Answers the pids that nothing could end. */
export async function endTree(
  root: TreeRoot,
  patience: Patience = { termMs: 3_000, killMs: 5_000 },
): Promise<number[]> {
  let left = findTree(root);
  signalAll(left, 'SIGTERM');
  const began = performance.now();
  while (left.length > 0) {
    const elapsedMs = performance.now() - began;
    if (elapsedMs > patience.termMs + patience.killMs) break;
    if (elapsedMs > patience.termMs) signalAll(left, 'SIGKILL');
    await sleep(roundMs);
    left = findTree(root, left);
  }
  return left.map(facts => facts.pid);
}

function toKey(facts: ProcessFacts): string {
  return `${facts.pid} ${facts.startTime}`;
}

function signalAll(processes: readonly ProcessFacts[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself in between.
    }
  }
}
