import { hasPermission } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Organization, Site } from '../references.ts';
import type { DeviceRow } from './device.entity.ts';
import { AgentInfo, Device, DevicePermissions } from './device.ts';
import type { Duplicates } from './duplicates.ts';

/** Fields of a device that follow from its own row. */
@Resolver(() => Device)
export class DeviceFieldsResolver {
  readonly #duplicates: Duplicates;

  constructor(duplicates: Duplicates) {
    this.#duplicates = duplicates;
  }

  @FieldResolver(() => String, { description: 'The name that people gave it, else its hostname.' })
  displayName(@Root() device: DeviceRow): string {
    return device.displayName ?? device.hostname;
  }

  @FieldResolver(() => Site)
  site(@Root() device: DeviceRow): Site {
    return { id: device.siteId };
  }

  @FieldResolver(() => Organization)
  organization(@Root() device: DeviceRow): Organization {
    return { id: device.organizationId };
  }

  @FieldResolver(() => AgentInfo)
  agent(@Root() device: DeviceRow): AgentInfo {
    const { agentVersion: version, protocol, connectedAt, remoteAddress, clockSkewSeconds } = device;
    return {
      version,
      protocol,
      connectedAt: connectedAt ?? null,
      remoteAddress: remoteAddress ?? null,
      clockSkewSeconds: clockSkewSeconds ?? null,
    };
  }

  @FieldResolver(() => DevicePermissions)
  viewerCan(@Root() device: DeviceRow, @Ctx() { viewer }: RequestContext): DevicePermissions {
    const isUsable = device.status !== 'REVOKED';
    const isPending = device.status === 'PENDING';
    return {
      runCommand: isUsable && !isPending && hasPermission(viewer, 'command:run'),
      approve: isPending && hasPermission(viewer, 'device:enroll'),
      edit: hasPermission(viewer, 'device:write'),
      move: hasPermission(viewer, 'device:move'),
      revoke: isUsable && hasPermission(viewer, 'device:revoke'),
    };
  }

  @FieldResolver(() => [Device], {
    description:
      'Other devices of the same organization that look like the same machine: they share its machine id, or its serial number and a network card. Muster never merges them by itself.',
  })
  possibleDuplicates(@Root() device: DeviceRow, @Ctx() { viewer }: RequestContext): Promise<DeviceRow[]> {
    return this.#duplicates.of(viewer, device);
  }
}
