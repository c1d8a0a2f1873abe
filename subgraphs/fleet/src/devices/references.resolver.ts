import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Organization, Site } from '../references.ts';
import type { DeviceRow } from './device.entity.ts';
import { PageArguments } from './device.input.ts';
import { DeviceConnection } from './device.ts';
import type { Devices } from './devices.ts';

/** What the fleet adds to an organization. */
@Resolver(() => Organization)
export class OrganizationResolver {
  readonly #devices: Devices;

  constructor(devices: Devices) {
    this.#devices = devices;
  }

  @Requires('device:read')
  @FieldResolver(() => DeviceConnection)
  devices(
    @Ctx() context: RequestContext,
    @Root() { id }: Organization,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<DeviceRow>> {
    return this.#devices.page(context.viewer, { ...page, filter: { organizationId: id } });
  }
}

/** What the fleet adds to a site. */
@Resolver(() => Site)
export class SiteResolver {
  readonly #devices: Devices;

  constructor(devices: Devices) {
    this.#devices = devices;
  }

  @Requires('device:read')
  @FieldResolver(() => DeviceConnection)
  devices(
    @Ctx() context: RequestContext,
    @Root() { id }: Site,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<DeviceRow>> {
    return this.#devices.page(context.viewer, { ...page, filter: { siteId: id } });
  }
}
