import type { Bus } from '@muster/kit/bus';
import type { RequestContext } from '@muster/kit/context';
import { type Database, openDatabase } from '@muster/kit/database/database';
import { every } from '@muster/kit/every';
import type { Log } from '@muster/kit/log';
import { createSecretBox, type SecretBox } from '@muster/kit/secret-box';
import type { Service } from '@muster/kit/service';
import { CommandEntity } from './commands/command.entity.ts';
import { sweepCommands } from './commands/sweep.ts';
import { CustomFieldEntity } from './custom-fields/custom-field.entity.ts';
import { DeviceEntity } from './devices/device.entity.ts';
import { createResolvers } from './doors.resolver.ts';
import { EnrollmentTokenEntity } from './enrollment/enrollment-token.entity.ts';
import { Events } from './events.ts';
import { loadServerKey } from './identity/server-key.ts';
import { JobEntity } from './jobs/job.entity.ts';
import { migrations } from './migrations/list.ts';
import { forgetOld } from './retention.ts';
import { createRules } from './rules.ts';
import { createSubgraph } from './schema.ts';
import { ScriptEntity, ScriptVersionEntity } from './scripts/script.entity.ts';
import { defaultSettings, type FleetSettings } from './settings.ts';
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
  readonly settings?: Partial<FleetSettings>;
}

const FORGET_MS = 3_600_000;
const ENTITIES = [
  DeviceEntity,
  CommandEntity,
  EnrollmentTokenEntity,
  JobEntity,
  ScriptEntity,
  ScriptVersionEntity,
  CustomFieldEntity,
];

/** Opens the store, wires the rules to the graph and starts the sweeps. */
export async function startFleet(options: FleetOptions): Promise<Service> {
  const { log } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const database = await openDatabase({
    url: options.databaseUrl,
    schema: 'fleet',
    entities: ENTITIES as never,
    migrations,
  });
  const box = createSecretBox(options.masterSecret, 'fleet');
  const events = new Events(options.bus);
  const rules = await createRulesOf(database, { box, events, settings });
  const { devices, commands, jobs, presence } = rules;
  await presence.start();
  const subgraph = createSubgraph({
    instances: createResolvers(rules, { database, publicUrl: options.publicUrl }),
    references: {
      Device: ({ id }, { viewer }: RequestContext) => devices.find(viewer, id),
      Command: ({ id }, { viewer }: RequestContext) => commands.find(viewer, id),
      Job: ({ id }, { viewer }: RequestContext) => jobs.find(viewer, id),
      Organization: reference => ({ id: reference.id }),
      Site: reference => ({ id: reference.id }),
    },
    sources: createSources({ database, events, devices, commands, presence, log }),
  });
  const retention = {
    commandDays: settings.commandRetentionDays,
    inventoryChangeDays: settings.inventoryChangeRetentionDays,
  };
  const sweeps = [
    every(settings.commandSweepMs, () => sweepCommands(database, events), log),
    every(settings.presenceSweepMs, () => presence.sweep(), log),
    every(FORGET_MS, async () => void (await forgetOld(database, retention)), log),
  ];
  return {
    ...subgraph,
    checkReady: () => database.checkReady(),
    async [Symbol.asyncDispose]() {
      for (const sweep of sweeps) await sweep[Symbol.asyncDispose]();
      await presence.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function createRulesOf(
  database: Database,
  parts: { box: SecretBox; events: Events; settings: FleetSettings },
): Promise<ReturnType<typeof createRules>> {
  return createRules({ ...parts, database, serverKey: await loadServerKey(database, parts.box) });
}
