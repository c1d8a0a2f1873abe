import { defineSubgraph, type Subgraph, type SubgraphParts } from '@muster/kit/federation';
import { AgentResolver } from './commands/agent.resolver.ts';
import { CommandResolver } from './commands/command.resolver.ts';
import { CommandFieldsResolver, DeviceCommandsResolver } from './commands/command-fields.resolver.ts';
import { DeviceResolver } from './devices/device.resolver.ts';
import { DeviceFieldsResolver } from './devices/device-fields.resolver.ts';
import { OrganizationResolver, SiteResolver } from './devices/references.resolver.ts';
import { EnrollmentResolver } from './enrollment/enrollment.resolver.ts';
import { AuthenticationResolver } from './identity/authentication.resolver.ts';
import { InventoryResolver } from './inventory/inventory.resolver.ts';
import { User } from './references.ts';

/** What the running service adds to the classes. */
export type Wiring = Pick<SubgraphParts, 'instances' | 'references' | 'sources'>;

/** The fleet subgraph; without wiring it can only be printed. */
export function createSubgraph(wiring: Wiring = {}): Subgraph {
  return defineSubgraph({
    name: 'fleet',
    resolvers: [
      DeviceResolver,
      DeviceFieldsResolver,
      OrganizationResolver,
      SiteResolver,
      InventoryResolver,
      EnrollmentResolver,
      AuthenticationResolver,
      CommandResolver,
      CommandFieldsResolver,
      DeviceCommandsResolver,
      AgentResolver,
    ],
    types: [User],
    ...wiring,
  });
}

/** The SDL that composition reads. */
export function printSdl(): string {
  return createSubgraph().sdl;
}
