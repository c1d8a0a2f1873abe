import type { Database } from '@muster/kit/database/database';
import type { SecretBox } from '@muster/kit/secret-box';
import { Commands } from './commands/commands.ts';
import { Leases } from './commands/leases.ts';
import { CommandReports } from './commands/reports.ts';
import { CustomFields } from './custom-fields/custom-fields.ts';
import { DeviceEdits } from './devices/device-edits.ts';
import { Devices } from './devices/devices.ts';
import { Duplicates } from './devices/duplicates.ts';
import { EnrollmentTokens } from './enrollment/enrollment-tokens.ts';
import { Enrollments } from './enrollment/enrollments.ts';
import type { Events } from './events.ts';
import { DeviceCredentials } from './identity/device-credential.ts';
import type { ServerKey } from './identity/server-key.ts';
import { Inventories } from './inventory/inventories.ts';
import { Jobs } from './jobs/jobs.ts';
import { Presence } from './presence/presence.ts';
import { Scripts } from './scripts/scripts.ts';
import type { FleetSettings } from './settings.ts';

/** What every rule of the fleet stands on. */
export interface RuleParts {
  readonly database: Database;
  readonly events: Events;
  readonly box: SecretBox;
  readonly serverKey: ServerKey;
  readonly settings: FleetSettings;
}

/** The rules of the fleet, each made once. */
export type Rules = ReturnType<typeof createRules>;

/** Makes the rules and nothing else: no statement is run. */
export function createRules(parts: RuleParts) {
  const { database, events, box, serverKey, settings } = parts;
  const devices = new Devices(database);
  const edits = new DeviceEdits({ database, events, devices });
  const scripts = new Scripts(database);
  return {
    devices,
    edits,
    scripts,
    duplicates: new Duplicates(database),
    customFields: new CustomFields(database, edits),
    inventories: new Inventories(database, events),
    tokens: new EnrollmentTokens(database),
    enrollments: new Enrollments({ database, events, serverKey }),
    credentials: new DeviceCredentials(database),
    commands: new Commands({ database, events, devices, box, scripts }),
    jobs: new Jobs({ database, events, box, scripts }),
    leases: new Leases({ database, events, serverKey, box }),
    reports: new CommandReports(database, events),
    presence: new Presence(database, events, {
      overdueAfterSeconds: settings.overdueAfterSeconds,
      graceSeconds: settings.presenceGraceSeconds,
    }),
  };
}
