import type { Bus } from '@muster/kit/bus';
import type { Channel } from '@muster/kit/channel';
import type { DeviceChangeKindName } from './devices/device-change.ts';

/** A device has changed; told after commit. */
export interface DeviceChanged {
  readonly deviceId: string;
  readonly organizationId: string;
  readonly siteId: string;
  readonly kind: DeviceChangeKindName;
  readonly sequence: number;
}

/** A command's state has changed; told after commit. */
export interface CommandChanged {
  readonly commandId: string;
  readonly deviceId: string;
  readonly organizationId: string;
  readonly jobId: string | null;
}

/** Something a connected agent has to do. */
export interface Signal {
  readonly kind: 'COMMANDS_WAITING' | 'CANCEL' | 'REFRESH_INVENTORY' | 'REVOKED';
  readonly commandId: string | null;
}

/** The typed topics of this service; all are hints, the tables are the truth, and null says “read again”. */
export class Events {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  deviceChanged(event: DeviceChanged): void {
    this.#bus.publish('fleet.device', event);
  }

  onDeviceChanged(): Channel<DeviceChanged | null> {
    return this.#bus.subscribe('fleet.device', 20_000);
  }

  commandChanged(event: CommandChanged): void {
    this.#bus.publish('fleet.command', event);
    this.outputGrown(event.commandId);
  }

  onCommandChanged(): Channel<CommandChanged | null> {
    return this.#bus.subscribe('fleet.command', 20_000);
  }

  /** The command has new chunks or a new state: whoever follows its output reads again. */
  outputGrown(commandId: string): void {
    this.#bus.publish(`fleet.output.${commandId}`, null);
  }

  onOutputGrown(commandId: string): Channel<null> {
    // one waiting wake-up says as much as many
    return this.#bus.subscribe(`fleet.output.${commandId}`, 1);
  }

  signal(deviceId: string, signal: Signal): void {
    this.#bus.publish(`fleet.signal.${deviceId}`, signal);
  }

  onSignal(deviceId: string): Channel<Signal | null> {
    return this.#bus.subscribe(`fleet.signal.${deviceId}`, 256);
  }
}
