import { hasPermission } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Organization, Site } from '../references.ts';
import type { DeviceRow } from './device.entity.ts';
import { AgentInfo, Device, DevicePermissions } from './device.ts';

/** Fields of a device that follow from its own row. */
@Resolver(() => Device)
export class DeviceFieldsResolver {
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
    const { agentVersion: version, protocol, connectedAt, remoteAddress } = device;
    return {
      version,
      protocol,
      connectedAt: connectedAt ?? null,
      remoteAddress: remoteAddress ?? null,
      clockSkewSeconds: null,
    };
  }

  @FieldResolver(() => DevicePermissions)
  viewerCan(@Root() device: DeviceRow, @Ctx() { viewer }: RequestContext): DevicePermissions {
    const isUsable = device.status !== 'REVOKED';
    return {
      runCommand: isUsable && hasPermission(viewer, 'command:run'),
      revoke: isUsable && hasPermission(viewer, 'device:revoke'),
    };
  }
}
