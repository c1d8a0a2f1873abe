import type { Database } from '@muster/kit/database/database';
import type { SubscriptionSource } from '@muster/kit/federation';
import type { Log } from '@muster/kit/log';
import { type CommandWish, streamCommandChanges } from './commands/command-stream.ts';
import type { Commands } from './commands/commands.ts';
import { followOutput } from './commands/output.ts';
import type { DeviceFilter } from './devices/device.input.ts';
import { streamDeviceChanges } from './devices/device-stream.ts';
import type { Devices } from './devices/devices.ts';
import type { Events } from './events.ts';
import type { Presence } from './presence/presence.ts';
import { openSignals } from './presence/signals.ts';

/** What the subscriptions stand on. */
export interface SourceParts {
  readonly database: Database;
  readonly events: Events;
  readonly devices: Devices;
  readonly commands: Commands;
  readonly presence: Presence;
  readonly log: Log;
}

/** The source of each subscription of this service. */
export function createSources(parts: SourceParts): Record<string, SubscriptionSource> {
  const { devices, events, commands } = parts;
  return {
    deviceChanged: ({ viewer }, args: { filter?: DeviceFilter; after?: bigint }) => {
      const after = typeof args.after === 'bigint' ? Number(args.after) : null;
      return streamDeviceChanges(devices, events, { viewer, filter: args.filter ?? null, after });
    },
    commandChanged: ({ viewer }, wish: CommandWish) => streamCommandChanges(commands, events, { viewer, wish }),
    commandOutput: ({ viewer }, { commandId, after }: { commandId: string; after?: number }) =>
      followOutput(parts, viewer, { commandId, after: after ?? 0 }),
    deviceSignals: context => openSignals(parts, context),
  };
}
