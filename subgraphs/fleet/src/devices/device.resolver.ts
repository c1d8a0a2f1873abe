import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import { wiredSource } from '@muster/kit/federation';
import { BigIntScalar } from '@muster/kit/scalars';
import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { DeviceRow } from './device.entity.ts';
import { DeviceFilter, DevicePageArguments } from './device.input.ts';
import { Device, DeviceConnection } from './device.ts';
import { DeviceChange } from './device-change.ts';
import { DeviceColumns, DeviceField, type DeviceFieldName } from './device-columns.ts';
import { readDeviceColumns } from './device-snapshot.ts';
import type { Devices } from './devices.ts';

/** The door to devices. */
@Resolver()
export class DeviceResolver {
  readonly #devices: Devices;
  readonly #database: Database;

  constructor(devices: Devices, database: Database) {
    this.#devices = devices;
    this.#database = database;
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

  @Requires('device:read')
  @Query(() => DeviceColumns, {
    description: 'Columns of all devices in sight at once, at most 50,000 devices; for tables that show thousands.',
  })
  deviceColumns(
    @Ctx() context: RequestContext,
    @Arg('fields', () => [DeviceField]) fields: DeviceFieldName[],
    @Arg('filter', () => DeviceFilter, { nullable: true }) filter?: DeviceFilter,
  ): Promise<DeviceColumns> {
    return readDeviceColumns(this.#database, context.viewer, { fields, filter: filter ?? null });
  }

  @Requires('device:enroll')
  @Query(() => [Device], { description: 'Devices that wait for approval, longest waiting first, at most 500.' })
  pendingDevices(@Ctx() context: RequestContext): Promise<DeviceRow[]> {
    return this.#devices.pending(context.viewer);
  }

  @Requires('device:read')
  @Subscription(() => DeviceChange, {
    ...wiredSource,
    description:
      'Tells of each change of a device after it is stored, in the order of storing; search, tags and states of the filter do not apply. With `after`, first what has changed since that sequence: each device once, as it is now, kind UPDATED or REVOKED. A change may be told twice.',
  })
  deviceChanged(
    @Root() change: DeviceChange,
    @Arg('filter', () => DeviceFilter, { nullable: true }) _filter?: DeviceFilter,
    @Arg('after', () => BigIntScalar, { nullable: true, description: 'Sequence to go on from.' }) _after?: bigint,
  ): DeviceChange {
    return change;
  }
}
