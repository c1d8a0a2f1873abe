import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import type { SimulatorConfig } from './config.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { type Summary, Tally } from './tally.ts';

const dropEveryMs = 1_000;

/** Many devices in one process. */
export class Simulator {
  readonly #config: SimulatorConfig;
  readonly #log: Log;
  readonly #tally = new Tally();
  readonly #abort = new AbortController();
  readonly #devices: SimulatedDevice[];
  #dropper: NodeJS.Timeout | undefined;

  constructor(config: SimulatorConfig, log: Log) {
    this.#config = config;
    this.#log = log;
    const context = { config, clock: new Clock(), tally: this.#tally, log, signal: this.#abort.signal };
    this.#devices = Array.from({ length: config.devices }, (_, index) => new SimulatedDevice(index + 1, context));
  }

  /** Starts all devices, each at a random moment of the ramp; rejects when the server refuses one of them. */
  async start(): Promise<void> {
    if (this.#config.dropPercent > 0) this.#dropper = setInterval(() => this.#dropLinks(), dropEveryMs);
    const { signal } = this.#abort;
    const appear = async (device: SimulatedDevice) => {
      await sleep(Math.random() * this.#config.rampSeconds * 1_000, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await device.start();
    };
    await Promise.all(this.#devices.map(appear));
  }

  get summary(): Summary {
    const { enrolled, commandsRun, commandsFinished, ranTwice, redelivered, refused } = this.#tally;
    const { chunksSent, chunksAcknowledged, connections, reconnects, linksDropped, revoked } = this.#tally;
    return {
      devices: this.#config.devices,
      enrolled,
      online: this.#devices.filter(device => device.isOnline).length,
      ...{ commandsRun, commandsFinished, ranTwice, redelivered, refused, chunksSent, chunksAcknowledged },
      pending: this.#devices.reduce((sum, device) => sum + device.pending, 0),
      ...{ connections, reconnects, linksDropped, revoked },
      rssBytes: process.memoryUsage.rss(),
    };
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    clearInterval(this.#dropper);
    await Promise.all(this.#devices.map(device => device.stop()));
    this.#log.info('simulator stopped');
  }

  #dropLinks(): void {
    const share = this.#config.dropPercent / 100;
    for (const device of this.#devices) if (Math.random() < share) device.dropLink();
  }
}
