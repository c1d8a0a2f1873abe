import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { UnitLimits } from './commands/units.ts';

/** Everything the agent can be told; frozen once read. */
export interface Config {
  /** WebSocket address of the server's graph. */
  readonly url: string;
  /** Only to tell whether an agent on the data folder is alive. */
  readonly wantsHealth: boolean;
  /** Needed once, to register this device. */
  readonly enrollmentToken: string | null;
  /** Holds the device key, the spool and the journal; 0700. */
  readonly dataDir: string;
  /** Holds the scripts of running commands; other users can pass through it but not list it. */
  readonly scriptDir: string;
  /** End running commands when the agent stops, instead of letting them live on. */
  readonly stopCommands: boolean;
  /** What each command may use where it has a unit of its own; null where no units are wanted. */
  readonly unitLimits: UnitLimits | null;
  /** Where commands and their interpreters are looked up. */
  readonly path: string;
}

/** Either a usable configuration or every problem found, in plain words. */
export type ConfigResult = { config: Config; problems?: never } | { config?: never; problems: string[] };

/** How the agent is called; printed for --help. */
export const usage = `muster-agent: connects this device to a Muster server

  --server URL      or MUSTER_SERVER                   address of the server, http(s)://host:port
  --token TOKEN     or MUSTER_ENROLLMENT_TOKEN[_FILE]  needed once, to enrol this device
  --health                                             exits 0 when an agent runs on the data folder
  --data-dir DIR    or MUSTER_AGENT_DATA_DIR           default /var/lib/muster-agent (root), else ~/.local/state/muster-agent
                       MUSTER_AGENT_STOP_COMMANDS=1    end running commands when the agent stops

Where systemd runs, each command gets a unit of its own:
                       MUSTER_AGENT_COMMAND_MEMORY_MAX  most memory of one command, as in 2G or 50%
                       MUSTER_AGENT_COMMAND_TASKS_MAX   most processes and threads of one command, as in 512
                       MUSTER_AGENT_COMMAND_UNITS=0     run commands as children of the agent instead
`;

/** Where programs are looked up when the environment does not say. */
export const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Reads command line and environment; the command line wins. */
export function readConfig(argv: string[], env: NodeJS.ProcessEnv = process.env): ConfigResult {
  const problems: string[] = [];
  const flags = readFlags(argv, problems);
  const wantsHealth = flags.health === true;
  const url = wantsHealth ? '' : toUrl(flags.server ?? env.MUSTER_SERVER, problems);
  const enrollmentToken = readToken(flags.token, env, problems);
  const unitLimits = readUnitLimits(env, problems);
  const dataDir = resolve(flags['data-dir'] || env.MUSTER_AGENT_DATA_DIR || defaultDataDir());
  if (problems.length > 0) return { problems };
  return {
    config: Object.freeze({
      url,
      wantsHealth,
      enrollmentToken,
      dataDir,
      scriptDir: scriptDirFor(dataDir),
      unitLimits,
      stopCommands: env.MUSTER_AGENT_STOP_COMMANDS === '1',
      path: env.PATH || standardPath,
    }),
  };
}

function readFlags(argv: string[], problems: string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = { server: text, token: text, 'data-dir': text, health: { type: 'boolean' } } as const;
    return parseArgs({ args: argv, options }).values;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}

function toUrl(server: string | undefined, problems: string[]): string {
  if (!server) {
    if (problems.length === 0) problems.push('no server: pass --server http(s)://host:port or set MUSTER_SERVER');
    return '';
  }
  const url = URL.parse(server);
  if (!url || !/^(http|ws)s?:$/.test(url.protocol)) {
    problems.push(`the server "${server}" is not an address like https://muster.example.org`);
    return '';
  }
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

function readToken(flag: string | undefined, env: NodeJS.ProcessEnv, problems: string[]): string | null {
  const direct = flag || env.MUSTER_ENROLLMENT_TOKEN;
  if (direct) return direct.trim();
  const file = env.MUSTER_ENROLLMENT_TOKEN_FILE;
  if (!file) return null;
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    problems.push(`MUSTER_ENROLLMENT_TOKEN_FILE: ${file} cannot be read`);
    return null;
  }
}

function readUnitLimits(env: NodeJS.ProcessEnv, problems: string[]): UnitLimits | null {
  const read = (name: string, shape: RegExp) => {
    const value = env[name]?.trim() || null;
    if (value !== null && !shape.test(value)) problems.push(`${name}: "${value}" is not understood`);
    return value;
  };
  const memoryMax = read('MUSTER_AGENT_COMMAND_MEMORY_MAX', /^([1-9]\d*[KMGT]?|([1-9]\d?|100)%)$/);
  const tasksMax = read('MUSTER_AGENT_COMMAND_TASKS_MAX', /^([1-9]\d*|([1-9]\d?|100)%)$/);
  return env.MUSTER_AGENT_COMMAND_UNITS === '0' ? null : { memoryMax, tasksMax };
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function defaultDataDir(): string {
  return isRoot() ? '/var/lib/muster-agent' : join(homedir(), '.local/state/muster-agent');
}

/** Root keeps scripts outside its 0700 data folder, because a command may run as a user who cannot enter that. */
function scriptDirFor(dataDir: string): string {
  if (!isRoot()) return join(dataDir, 'scripts');
  return `/run/muster-agent-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
}
