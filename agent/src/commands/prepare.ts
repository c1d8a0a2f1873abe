import { chmodSync, chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, findAccount, ownAccount } from './accounts.ts';
import type { Job } from './envelope.ts';
import { findProgram, interpreters } from './interpreters.ts';
import { marker } from './process-tree.ts';

/** The command cannot run on this device; the message is for the operator. */
export class CannotRun extends Error {}

/** The parts of the configuration that commands need. */
export interface CommandHost {
  readonly scriptDir: string;
  readonly path: string;
}

/** A command line that runs the job as its user, with its environment, in its folder. */
export async function prepare(job: Job, host: CommandHost): Promise<string[]> {
  const { program, flags, scriptName } = interpreters[job.shell];
  const interpreter = findProgram(program, host.path) ?? (job.shell === 'NODE' ? process.execPath : null);
  if (!interpreter) throw new CannotRun(`${program} is not installed on this device`);
  checkTexts(job);
  const folder = job.workingDirectory ?? '/';
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new CannotRun(`the working directory ${folder} does not exist`);
  const account = await accountOf(job);
  const scripts = makeFolder(job, host);
  const script = join(scripts, scriptName);
  writeFor(account, script, job.script);
  const start = join(scripts, 'start');
  writeFor(account, start, startScript({ job, account, host, folder, line: [interpreter, ...flags, script] }));
  return [...asUser(account), '/bin/sh', start];
}

/** Removes what `prepare` wrote. */
export function cleanUp(commandId: string, host: CommandHost): void {
  rmSync(join(host.scriptDir, commandId), { recursive: true, force: true });
}

async function accountOf(job: Job): Promise<Account> {
  const own = ownAccount();
  if (job.runAs === null || job.runAs === own.name) return own;
  if (own.uid !== 0) throw new CannotRun(`this agent does not run as root, so it cannot run commands as ${job.runAs}`);
  const account = await findAccount(job.runAs);
  if (!account) throw new CannotRun(`there is no user ${job.runAs} on this device`);
  return account;
}

function checkTexts(job: Job): void {
  const odd = job.environment.find(({ name }) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd) throw new CannotRun(`"${odd.name}" is not a valid name of an environment variable`);
  const texts = [...job.arguments, ...job.environment.map(({ value }) => value), job.workingDirectory ?? ''];
  if (texts.some(text => text.includes('\0')))
    throw new CannotRun('arguments and environment cannot hold NUL characters');
}

/** Outside any closed folder and not listable: another user can reach its own script and nothing else. */
function makeFolder(job: Job, host: CommandHost): string {
  const folder = join(host.scriptDir, job.commandId);
  mkdirSync(folder, { recursive: true });
  chmodSync(host.scriptDir, 0o711);
  chmodSync(folder, 0o711);
  return folder;
}

/** Closed before it holds anything, and the target's before it can be run. */
function writeFor(account: Account, path: string, content: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  if (account.uid !== process.getuid?.()) chownSync(path, account.uid, account.gid);
  chmodSync(path, 0o700);
}

interface StartParts {
  job: Job;
  account: Account;
  host: CommandHost;
  folder: string;
  line: string[];
}

/**
 * Sets the environment after the privileges were dropped: values stay out of every argument list, and none of them can
 * change how the supervising shell, which is still root, behaves.
 */
function startScript({ job, account, host, folder, line }: StartParts): string {
  const variables = [
    ['PATH', host.path],
    ['LANG', 'C.UTF-8'],
    ['HOME', account.home],
    ['USER', account.name],
    ['LOGNAME', account.name],
    ['SHELL', account.shell],
    ...job.environment.map(({ name, value }) => [name, value]),
    [marker, job.commandId],
  ];
  return [
    ...variables.map(([name, value]) => `export ${name}=${quote(value ?? '')}`),
    `cd ${quote(folder)} || exit 126`,
    `exec ${[...line, ...job.arguments].map(quote).join(' ')}`,
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function asUser(account: Account): string[] {
  if (account.uid === process.getuid?.()) return [];
  return ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups'];
}
