import type { Bus } from '@muster/kit/bus';
import type { RequestContext } from '@muster/kit/context';
import { openDatabase } from '@muster/kit/database/database';
import { every } from '@muster/kit/every';
import type { Log } from '@muster/kit/log';
import { createSecretBox } from '@muster/kit/secret-box';
import type { Service } from '@muster/kit/service';
import { AgentResolver } from './commands/agent.resolver.ts';
import { CommandEntity } from './commands/command.entity.ts';
import { CommandResolver } from './commands/command.resolver.ts';
import { CommandFieldsResolver, DeviceCommandsResolver } from './commands/command-fields.resolver.ts';
import { Commands } from './commands/commands.ts';
import { CommandReports } from './commands/reports.ts';
import { sweepCommands } from './commands/sweep.ts';
import { DeviceEntity } from './devices/device.entity.ts';
import { DeviceResolver } from './devices/device.resolver.ts';
import { DeviceFieldsResolver } from './devices/device-fields.resolver.ts';
import { Devices } from './devices/devices.ts';
import { OrganizationResolver, SiteResolver } from './devices/references.resolver.ts';
import { EnrollmentResolver } from './enrollment/enrollment.resolver.ts';
import { EnrollmentTokenEntity } from './enrollment/enrollment-token.entity.ts';
import { Enrollments } from './enrollment/enrollments.ts';
import { Events } from './events.ts';
import { AuthenticationResolver } from './identity/authentication.resolver.ts';
import { DeviceCredentials } from './identity/device-credential.ts';
import { loadServerKey } from './identity/server-key.ts';
import { Inventories } from './inventory/inventories.ts';
import { InventoryResolver } from './inventory/inventory.resolver.ts';
import { InventorySectionEntity } from './inventory/inventory-section.entity.ts';
import { migrations } from './migrations/list.ts';
import { Presence } from './presence/presence.ts';
import { createSubgraph } from './schema.ts';
import { createSources } from './sources.ts';

/** What the fleet needs from outside. */
export interface FleetOptions {
  readonly databaseUrl: string;
  /** Seals the server key and environment variables at rest. */
  readonly masterSecret: string;
  /** Where agents reach the router, for install commands. */
  readonly publicUrl: string;
  readonly bus: Bus;
  readonly log: Log;
}

const SWEEP_MS = 5_000;
const PRESENCE_MS = 30_000;

/** Opens the store, wires the rules to the graph and starts the sweeps. */
export async function startFleet(options: FleetOptions): Promise<Service> {
  const { log } = options;
  const database = await openDatabase({
    url: options.databaseUrl,
    schema: 'fleet',
    entities: [DeviceEntity, InventorySectionEntity, CommandEntity, EnrollmentTokenEntity] as never,
    migrations,
  });
  const box = createSecretBox(options.masterSecret, 'fleet');
  const events = new Events(options.bus);
  const serverKey = await loadServerKey(database, box);
  const devices = new Devices(database, events);
  const inventories = new Inventories(database, events);
  const enrollments = new Enrollments({ database, events, serverKey });
  const commands = new Commands({ database, events, devices, box });
  const reports = new CommandReports(database, events);
  const presence = new Presence(database, events);
  await presence.reset();
  const subgraph = createSubgraph({
    instances: [
      new DeviceResolver(devices),
      new DeviceFieldsResolver(),
      new OrganizationResolver(devices),
      new SiteResolver(devices),
      new InventoryResolver(inventories, devices),
      new EnrollmentResolver(enrollments, options.publicUrl),
      new AuthenticationResolver(new DeviceCredentials(database)),
      new CommandResolver(commands),
      new CommandFieldsResolver(database, devices),
      new DeviceCommandsResolver(commands),
      new AgentResolver({ database, events, serverKey, box }, reports),
    ],
    references: {
      Device: ({ id }, context) => devices.find(context.viewer, id),
      Command: ({ id }, context: RequestContext) => commands.find(context.viewer, id),
      Organization: reference => ({ id: reference.id }),
      Site: reference => ({ id: reference.id }),
    },
    sources: createSources({ database, events, devices, commands, presence, log }),
  });
  const sweeps = [
    every(SWEEP_MS, () => sweepCommands(database, events), log),
    every(PRESENCE_MS, () => presence.sweep(), log),
  ];
  return {
    ...subgraph,
    checkReady: () => database.checkReady(),
    async [Symbol.asyncDispose]() {
      for (const sweep of sweeps) await sweep[Symbol.asyncDispose]();
      await presence.settle();
      await database[Symbol.asyncDispose]();
    },
  };
}
