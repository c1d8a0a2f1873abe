import type { Database } from '@muster/kit/database/database';
import { AgentResolver } from './commands/agent.resolver.ts';
import { CommandResolver } from './commands/command.resolver.ts';
import { CommandFieldsResolver, DeviceCommandsResolver } from './commands/command-fields.resolver.ts';
import { CustomFieldsResolver, DeviceCustomFieldsResolver } from './custom-fields/custom-fields.resolver.ts';
import { DeviceResolver } from './devices/device.resolver.ts';
import { DeviceEditsResolver } from './devices/device-edits.resolver.ts';
import { DeviceFieldsResolver } from './devices/device-fields.resolver.ts';
import { OrganizationResolver, SiteResolver } from './devices/references.resolver.ts';
import { EnrollmentResolver } from './enrollment/enrollment.resolver.ts';
import { AuthenticationResolver } from './identity/authentication.resolver.ts';
import { InventoryResolver } from './inventory/inventory.resolver.ts';
import { JobsResolver } from './jobs/jobs.resolver.ts';
import type { Rules } from './rules.ts';
import { ScriptsResolver, ScriptVersionResolver } from './scripts/scripts.resolver.ts';

/** Every door of the fleet. */
export const RESOLVERS = [
  DeviceResolver,
  DeviceFieldsResolver,
  DeviceEditsResolver,
  CustomFieldsResolver,
  DeviceCustomFieldsResolver,
  OrganizationResolver,
  SiteResolver,
  InventoryResolver,
  EnrollmentResolver,
  AuthenticationResolver,
  CommandResolver,
  CommandFieldsResolver,
  DeviceCommandsResolver,
  JobsResolver,
  ScriptsResolver,
  ScriptVersionResolver,
  AgentResolver,
] as const;

/** The doors over the rules that they open to. */
export function createResolvers(rules: Rules, parts: { database: Database; publicUrl: string }): object[] {
  const { devices, edits, commands, jobs, customFields, scripts } = rules;
  const { database, publicUrl } = parts;
  return [
    new DeviceResolver(devices, database),
    new DeviceFieldsResolver(rules.duplicates),
    new DeviceEditsResolver(edits),
    new CustomFieldsResolver(customFields),
    new DeviceCustomFieldsResolver(customFields),
    new OrganizationResolver(devices),
    new SiteResolver(devices),
    new InventoryResolver(rules.inventories),
    new EnrollmentResolver({ enrollments: rules.enrollments, tokens: rules.tokens, publicUrl }),
    new AuthenticationResolver(rules.credentials),
    new CommandResolver(commands),
    new CommandFieldsResolver({ database, devices, jobs }),
    new DeviceCommandsResolver(commands),
    new JobsResolver(jobs, commands),
    new ScriptsResolver(scripts),
    new ScriptVersionResolver(),
    new AgentResolver({ leases: rules.leases, reports: rules.reports, presence: rules.presence }),
  ];
}
