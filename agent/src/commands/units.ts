import { existsSync } from 'node:fs';
import { ask } from '../child.ts';
import { readText } from '../files.ts';
import { isSystemdRunning } from '../systemd.ts';
import { findProgram } from './interpreters.ts';

/** What a command may use at most, in the words of systemd; null is no limit of ours. */
export interface UnitLimits {
  readonly memoryMax: string | null;
  readonly tasksMax: string | null;
}

/** How commands are put into transient units of systemd, each its own. */
export interface Units {
  readonly program: string;
  readonly limits: UnitLimits;
}

/** The process that a unit is made for. */
export interface UnitCommand {
  readonly commandId: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what the process writes to its stderr. */
  readonly errorFile: string;
  readonly line: readonly string[];
}

export interface UnitHost {
  readonly path: string;
  readonly limits: UnitLimits;
  /** Where the system's files are; elsewhere in tests. */
  readonly root?: string;
  readonly uid?: number;
}

const deadlineMs = 10_000;
const slice = 'system.slice';
const hierarchies = ['', '/unified', '/systemd'];

/**
 * Units, where systemd runs this system, the agent is root, and a first unit with the same limits does start; else null, and
 * commands run as children of the agent.
 */
export async function findUnits({
  path,
  limits,
  root = '',
  uid = process.getuid?.(),
}: UnitHost): Promise<Units | null> {
  const program = findProgram('systemd-run', path);
  if (!program || uid !== 0 || !isSystemdRunning(root)) return null;
  const units = { program, limits };
  const trial = { commandId: `trial-${process.pid}`, environment: {}, errorFile: '/dev/null', line: ['/bin/true'] };
  try {
    await startUnit(trial, units);
    return units;
  } catch {
    return null;
  }
}

/** Starts a unit; resolves when its process runs, rejects when systemd refuses or does not answer. */
export async function startUnit(command: UnitCommand, units: Units): Promise<void> {
  await ask(units.program, unitArguments(command, units.limits), { deadlineMs });
}

/**
 * The arguments for systemd-run. What a command leaves behind on an ordinary end lives on, as it does without units: the
 * unit's processes are ended by the agent, and by the shim, when that is wanted.
 */
export function unitArguments({ commandId, environment, errorFile, line }: UnitCommand, limits: UnitLimits): string[] {
  const properties = {
    KillMode: 'process',
    // A command that outgrows its memory is killed and says so; its shim lives and records it.
    OOMPolicy: 'continue',
    StandardOutput: 'null',
    StandardError: `append:${errorFile}`,
    ...(limits.memoryMax ? { MemoryMax: limits.memoryMax } : {}),
    ...(limits.tasksMax ? { TasksMax: limits.tasksMax } : {}),
  };
  return [
    '--quiet',
    '--collect',
    '--no-ask-password',
    `--unit=${unitName(commandId)}`,
    `--slice=${slice}`,
    '--service-type=exec',
    ...Object.entries(properties).map(([name, value]) => `--property=${name}=${value}`),
    ...Object.entries(environment).map(([name, value]) => `--setenv=${name}=${value}`),
    '--',
    // systemd would put variables into a command line.
    ...line.map(word => word.replaceAll('$', '$$$$')),
  ];
}

/** The processes in a command's unit, however they tried to leave it; none where it has no unit. */
export function unitMembers(commandId: string, root = ''): Set<number> {
  const files = hierarchies.map(at => `${root}/sys/fs/cgroup${at}/${slice}/${unitName(commandId)}/cgroup.procs`);
  const file = files.find(existsSync);
  const lines = file ? (readText(file) ?? '').split('\n').filter(Boolean) : [];
  return new Set(lines.map(Number));
}

function unitName(commandId: string): string {
  return `muster-command-${commandId}.service`;
}
