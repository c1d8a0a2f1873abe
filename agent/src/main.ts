import './lean.ts';
import { chmodSync, mkdirSync } from 'node:fs';
import { NotEnrolled, parentLost, Revoked, runAgent } from './agent.ts';
import { type Config, readConfig, usage } from './config.ts';
import { EnrollmentRefused } from './enrollment.ts';
import { checkHealth } from './health.ts';
import { takeLock } from './lock.ts';
import { createLog, messageOf } from './log.ts';
import { agentVersion } from './version.ts';

/** Exit statuses, after sysexits.h: a service manager can tell what another try would change. */
const exits = { ok: 0, failure: 70, busy: 75, refused: 77, configuration: 78 } as const;

const log = createLog();

process.exitCode = await main(process.argv.slice(2));
// Whatever still holds the event loop (a socket waiting for its close) must not hold the exit.
process.exit();

async function main(argv: string[]): Promise<number> {
  if (argv.includes('--help')) return print(usage);
  if (argv.includes('--version')) return print(`${agentVersion}\n`);
  const { config, problems } = readConfig(argv);
  if (!config) return complain(exits.configuration, problems.join('\n'));
  if (config.wantsHealth) return checkHealth(config.dataDir) ? exits.ok : exits.failure;
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    chmodSync(config.dataDir, 0o700);
  } catch (error) {
    return complain(exits.configuration, `the data folder cannot be used: ${messageOf(error)}`);
  }
  const lock = await takeLock(config.dataDir);
  if (!lock) return complain(exits.busy, `another agent is running on ${config.dataDir}`);
  try {
    return await run(config);
  } finally {
    lock.release();
  }
}

async function run(config: Config): Promise<number> {
  const { version } = process;
  log.info('agent started', { version: agentVersion, node: version, pid: process.pid, dataDir: config.dataDir });
  if (config.url.startsWith('ws:')) log.warn('the connection to the server is not encrypted');
  try {
    await runAgent({ config, log, signal: shutdownSignal() });
    log.info('agent stopped');
    return exits.ok;
  } catch (error) {
    if (error instanceof NotEnrolled) {
      return complain(exits.configuration, 'this device is not enrolled: pass --token or set MUSTER_ENROLLMENT_TOKEN');
    }
    if (error instanceof EnrollmentRefused) {
      log.error('enrolment refused', { reason: error.message });
      return complain(exits.refused, `the server refused to enrol this device: ${error.message}`);
    }
    if (error instanceof Revoked) {
      const way = `to enrol it anew, empty ${config.dataDir} and start with a fresh token`;
      log.error('this device was revoked', { dataDir: config.dataDir });
      return complain(exits.refused, `the server cut this device off; ${way}`);
    }
    log.error('agent failed', { error: messageOf(error), stack: error instanceof Error ? error.stack : null });
    return exits.failure;
  }
}

/** Aborts on SIGTERM, SIGINT and, where a parent process holds an IPC channel, when that goes. */
function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const leave = () => controller.abort(parentLost);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', leave);
  // A closed stderr is no reason to stop working.
  process.stderr.on('error', () => undefined);
  if (process.send && !process.connected) leave();
  return controller.signal;
}

function print(text: string): number {
  process.stdout.write(text);
  return exits.ok;
}

function complain(status: number, message: string): number {
  process.stderr.write(`muster-agent: ${message}\n`);
  return status;
}
