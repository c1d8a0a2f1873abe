import { Clock } from './clock.ts';
import { Leases, type LeasesOptions } from './commands/leases.ts';
import { Outbox, type SendReports } from './commands/outbox.ts';
import { Runner } from './commands/runner.ts';
import type { Config } from './config.ts';
import { Connection, type Timing } from './connection.ts';
import { enroll } from './enrollment.ts';
import { collectGarbage } from './garbage.ts';
import { Health } from './health.ts';
import { Identity } from './identity.ts';
import { Inventory, type SendInventory } from './inventory.ts';
import type { Log } from './log.ts';
import type { OperationError } from './operation-error.ts';
import { type DeviceSignal, deviceSignals, leaseCommands, reportCommands, reportInventory } from './operations.ts';

/** A configured agent before it runs. */
export interface AgentOptions {
  readonly config: Config;
  readonly log: Log;
  /** Aborting ends the agent in order. */
  readonly signal: AbortSignal;
  readonly timing?: Partial<Timing>;
}

/** The device is not enrolled and has no token to change that. */
export class NotEnrolled extends Error {}

/** The server cut this device off: nothing but a new enrolment helps. */
export class Revoked extends Error {}

const resubscribePauseMs = 1_000;
const lastReportsMs = 2_000;

/** Why an agent stops whose parent process is gone without a word. */
export const parentLost = Symbol('parent lost');

/** Runs the agent until the signal aborts; by then every command is either left running as configured or ended and recorded. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { config, log, signal, timing } = options;
  const identity = await Identity.open(config.dataDir);
  const clock = new Clock();
  const common = { url: config.url, clock, log, ...(timing ? { timing } : {}) };
  if (!identity.enrolled) {
    if (!config.enrollmentToken) throw new NotEnrolled();
    await enroll({ ...common, identity, token: config.enrollmentToken, signal });
  }
  if (identity.enrolled?.revokedAt) throw new Revoked();
  if (signal.aborted) return;
  const connection = new Connection({ ...common, credential: () => identity.jwt(clock.now()) });
  await serve({ ...options, identity, clock, connection });
}

interface Parts extends AgentOptions {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly connection: Connection;
}

async function serve(parts: Parts): Promise<void> {
  const { config, log, signal, connection, identity, clock } = parts;
  const revoked = Promise.withResolvers<'revoked'>();
  const isReady = () => connection.phase === 'ready';
  const outbox = new Outbox({ isReady, log, send: reportsTo(connection) });
  let leases: Leases | null = null;
  const runner = await openRunner(parts, outbox, () => leases?.fetchIfWanted());
  leases = new Leases({ isReady, log, runner, lease: leasesFrom(connection) });
  const { dataDir } = config;
  const send = inventoryTo(connection);
  const inventory = new Inventory({ dataDir, isReady, log, send, onLongRound: collectGarbage });
  const health = new Health(dataDir, () => connection.phase);
  const listeners = { runner, leases, inventory, revoked: () => revoked.resolve('revoked') };
  connection.onReady(() => {
    followSignals(parts, listeners);
    outbox.retryNow();
    listeners.leases.fetch();
    inventory.connected();
  });
  connection.start();
  const isRevoked = (await Promise.race([aborted(signal), revoked.promise])) === 'revoked';
  if (isRevoked) await identity.revoke(clock.iso());

  log.info('stopping');
  health.close();
  leases.close();
  inventory.close();
  // A parent that crashed comes back and wants its commands; one that stops does not. Those of a revoked device nobody could end later.
  const endsCommands = isRevoked || (config.stopCommands && signal.reason !== parentLost);
  await runner.stop(endsCommands);
  if (endsCommands && !isRevoked) await outbox.settle(lastReportsMs);
  outbox.close();
  await runner.close();
  await connection.stop();
  if (isRevoked) throw new Revoked();
}

function openRunner({ config, identity, clock, log }: Parts, outbox: Outbox, onFree: () => void): Promise<Runner> {
  const { deviceId, serverKey } = identity.enrolled ?? { deviceId: '', serverKey: '' };
  const trust = () => ({ deviceId, serverKey });
  const { dataDir, unitLimits } = config;
  return Runner.open({ dataDir, host: config, identity: trust, clock, log, outbox, onFree, unitLimits });
}

/** Open as long as the connection is: by this the server knows that the device is there. */
function followSignals(parts: Parts, { runner, leases, inventory, revoked }: Listeners): void {
  const { connection, log } = parts;
  let isEnded = false;
  const onEnd = (error: OperationError) => {
    if (isEnded || connection.phase !== 'ready') return;
    isEnded = true;
    log.warn('the signals ended', { code: error.code });
    connection.recycle(resubscribePauseMs);
  };
  const onSignal = ({ kind, commandId }: DeviceSignal) => {
    if (kind === 'COMMANDS_WAITING') leases.fetch();
    if (kind === 'CANCEL' && commandId) runner.cancel(commandId);
    if (kind === 'REFRESH_INVENTORY') inventory.refresh();
    if (kind === 'REVOKED') revoked();
  };
  connection.subscribe(deviceSignals, { onData: data => onSignal(data.deviceSignals), onEnd });
}

interface Listeners {
  readonly runner: Runner;
  readonly leases: Leases;
  readonly inventory: Inventory;
  readonly revoked: () => void;
}

function reportsTo(connection: Connection): SendReports {
  return async commands =>
    (await connection.execute(reportCommands, { input: { commands } })).reportCommands.acknowledged;
}

function leasesFrom(connection: Connection): LeasesOptions['lease'] {
  return async max => (await connection.execute(leaseCommands, { input: { max } })).leaseCommands.commands;
}

function inventoryTo(connection: Connection): SendInventory {
  return async input => (await connection.execute(reportInventory, { input })).reportInventory.acceptedSections;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
