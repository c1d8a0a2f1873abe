import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { wiredSource } from '@muster/kit/federation';
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { DeviceRow } from './device.entity.ts';
import { ApproveDeviceInput, DeviceFilter, DevicePageArguments, RevokeDeviceInput } from './device.input.ts';
import { Device, DeviceConnection } from './device.ts';
import { ApproveDevicePayload, DeviceChange, RevokeDevicePayload } from './device-change.ts';
import type { Devices } from './devices.ts';

/** The door to devices. */
@Resolver()
export class DeviceResolver {
  readonly #devices: Devices;

  constructor(devices: Devices) {
    this.#devices = devices;
  }

  @Requires('device:read')
  @Query(() => Device, {
    nullable: true,
    description: 'One device, or null where it does not exist or is out of sight.',
  })
  device(@Ctx() context: RequestContext, @Arg('id', () => ID) id: string): Promise<DeviceRow | null> {
    return this.#devices.find(context.viewer, id);
  }

  @Requires('device:read')
  @Query(() => DeviceConnection, { description: 'Devices that the caller may see, by name unless ordered otherwise.' })
  devices(
    @Ctx() context: RequestContext,
    @Args(() => DevicePageArguments) page: DevicePageArguments,
  ): Promise<Connection<DeviceRow>> {
    return this.#devices.page(context.viewer, page);
  }

  @Requires('device:revoke')
  @Mutation(() => RevokeDevicePayload, { description: 'Cuts a device off for good.' })
  async revokeDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokeDeviceInput) input: RevokeDeviceInput,
  ): Promise<RevokeDevicePayload> {
    return { device: await this.#devices.revoke(context, input.deviceId) };
  }

  @Requires('device:enroll')
  @Mutation(() => ApproveDevicePayload, { description: 'Lets in a device that waits for approval.' })
  async approveDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => ApproveDeviceInput) input: ApproveDeviceInput,
  ): Promise<ApproveDevicePayload> {
    return { device: await this.#devices.approve(context, input.deviceId) };
  }

  @Requires('device:read')
  @Subscription(() => DeviceChange, {
    ...wiredSource,
    description: 'Tells of each change of a device after it is stored; search and statuses of the filter do not apply.',
  })
  deviceChanged(
    @Root() change: DeviceChange,
    @Arg('filter', () => DeviceFilter, { nullable: true }) _filter?: DeviceFilter,
  ): DeviceChange {
    return change;
  }
}
