import type { Clock } from '../../src/clock.ts';
import { Leases } from '../../src/commands/leases.ts';
import { Outbox } from '../../src/commands/outbox.ts';
import { Connection } from '../../src/connection.ts';
import { EnrollmentRefused, enroll } from '../../src/enrollment.ts';
import type { Enrolled } from '../../src/identity.ts';
import type { Log } from '../../src/log.ts';
import {
  type DeviceSignal,
  deviceSignals,
  leaseCommands,
  reportCommands,
  reportInventory,
} from '../../src/operations.ts';
import { agentVersion } from '../../src/version.ts';
import type { SimulatorConfig } from './config.ts';
import { simulatedIdentity } from './simulated-identity.ts';
import { simulatedInventory } from './simulated-inventory.ts';
import { SimulatedRunner } from './simulated-runner.ts';
import type { Tally } from './tally.ts';

/** What all devices of a simulator share. */
export interface DeviceContext {
  readonly config: SimulatorConfig;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const resubscribePauseMs = 1_000;

/** One device that speaks the agent's protocol by the agent's own code, but runs nothing and writes nothing. */
export class SimulatedDevice {
  readonly #context: DeviceContext;
  readonly #number: number;
  readonly #hostname: string;
  readonly #serialNumber: string;
  #connection: Connection | null = null;
  #leases: Leases | null = null;
  #outbox: Outbox | null = null;
  #runner: SimulatedRunner | null = null;
  #isReported = false;
  #connections = 0;

  constructor(number: number, context: DeviceContext) {
    this.#number = number;
    this.#context = context;
    this.#hostname = `sim-${String(number).padStart(5, '0')}`;
    // By it a server finds a machine that was installed anew: another seed makes other machines.
    this.#serialNumber = `${context.config.seed}-${number}`;
  }

  get isOnline(): boolean {
    return this.#connection?.phase === 'ready';
  }

  /** Reports that wait for their acknowledgement. */
  get pending(): number {
    return this.#outbox?.size ?? 0;
  }

  /** Enrols and connects; resolves when the connection is being kept, or when the simulator stops first. */
  async start(): Promise<void> {
    const { config, clock, log, signal, tally } = this.#context;
    const identity = simulatedIdentity(config.seed, this.#number);
    const common = { url: config.url, clock, log, timing: { keepAliveMs: config.heartbeatSeconds * 1_000 } };
    const facts = { hostname: this.#hostname, machineId: null, serialNumber: this.#serialNumber, macAddresses: [] };
    try {
      await enroll({ ...common, identity, token: config.token, signal, facts });
    } catch (error) {
      if (error instanceof EnrollmentRefused) log.error('enrolment refused', { reason: error.message });
      throw error;
    }
    if (!identity.enrolled || signal.aborted) return;
    tally.enrolled++;
    this.#connection = new Connection({ ...common, credential: () => identity.jwt(clock.now()) });
    this.#serve(this.#connection, identity.enrolled);
  }

  /** Cuts the link as a network does; the device comes back by itself. */
  dropLink(): void {
    if (!this.isOnline) return;
    this.#context.tally.linksDropped++;
    this.#connection?.recycle();
  }

  async stop(): Promise<void> {
    this.#leases?.close();
    this.#outbox?.close();
    this.#runner?.close();
    await this.#connection?.stop();
  }

  #serve(connection: Connection, enrolled: Enrolled): void {
    const { log } = this.#context;
    const isReady = () => connection.phase === 'ready';
    const outbox = new Outbox({
      isReady,
      log,
      send: async commands =>
        (await connection.execute(reportCommands, { input: { commands } })).reportCommands.acknowledged,
    });
    const onFree = () => this.#leases?.fetchIfWanted();
    const runner = new SimulatedRunner({ ...this.#context, enrolled, outbox, onFree });
    const leases = new Leases({
      isReady,
      log,
      runner,
      lease: async max => (await connection.execute(leaseCommands, { input: { max } })).leaseCommands.commands,
    });
    this.#outbox = outbox;
    this.#runner = runner;
    this.#leases = leases;
    connection.onReady(() => this.#greet(connection));
    connection.start();
  }

  #greet(connection: Connection): void {
    const { tally } = this.#context;
    tally.connections++;
    if (this.#connections++ > 0) tally.reconnects++;
    let isEnded = false;
    const onEnd = () => {
      if (isEnded || connection.phase !== 'ready') return;
      isEnded = true;
      connection.recycle(resubscribePauseMs);
    };
    connection.subscribe(deviceSignals, { onData: data => this.#obey(data.deviceSignals), onEnd });
    this.#outbox?.retryNow();
    this.#leases?.fetch();
    if (!this.#isReported) void this.#reportInventory(connection);
  }

  #obey({ kind, commandId }: DeviceSignal): void {
    if (kind === 'COMMANDS_WAITING') this.#leases?.fetch();
    if (kind === 'CANCEL' && commandId) this.#runner?.cancel(commandId);
    if (kind === 'REFRESH_INVENTORY' && this.#connection) void this.#reportInventory(this.#connection);
    if (kind === 'REVOKED') {
      this.#context.tally.revoked++;
      void this.stop();
    }
  }

  /** Told once; a failure is made good after the next connect. */
  async #reportInventory(connection: Connection): Promise<void> {
    const sections = simulatedInventory(this.#number, { hostname: this.#hostname, serialNumber: this.#serialNumber });
    try {
      await connection.execute(reportInventory, { input: { sections, bootedAt: null, agentVersion } });
      this.#isReported = true;
    } catch {
      this.#isReported = false;
    }
  }
}
