import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import type { DeviceStatusName } from './device.entity.ts';
import { DeviceStatus } from './device.ts';

const ORDER_FIELDS = ['HOSTNAME', 'STATUS', 'LAST_SEEN_AT', 'ENROLLED_AT'] as const;
export type DeviceOrderFieldName = (typeof ORDER_FIELDS)[number];
/** Columns that devices can be ordered by. */
export const DeviceOrderField = enumOf(ORDER_FIELDS);
registerEnumType(DeviceOrderField, { name: 'DeviceOrderField', description: 'What devices are ordered by.' });

/** Direction of an order. */
export const OrderDirection = enumOf(['ASC', 'DESC'] as const);
registerEnumType(OrderDirection, { name: 'OrderDirection', description: 'Direction of an order.' });

/** Which devices are meant; conditions add up. */
@InputType({ description: 'Which devices are meant; conditions add up.' })
export class DeviceFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words that all occur in name, address, serial number or operating system.',
  })
  search?: string | null;

  @Field(() => [DeviceStatus], { nullable: true })
  statuses?: DeviceStatusName[] | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true })
  siteId?: string | null;

  @Field(() => [ID], { nullable: true })
  deviceIds?: string[] | null;
}

/** How a list of devices is ordered. */
@InputType({ description: 'How a list of devices is ordered; ties by id.' })
export class DeviceOrder {
  @Field(() => DeviceOrderField)
  field!: DeviceOrderFieldName;

  @Field(() => OrderDirection, { nullable: true, defaultValue: 'ASC' })
  direction?: 'ASC' | 'DESC' | null;
}

/** Which device to cut off. */
@InputType({ description: 'Which device to cut off.' })
export class RevokeDeviceInput {
  @Field(() => ID)
  deviceId!: string;
}

/** Which device to let in. */
@InputType({ description: 'Which device to let in.' })
export class ApproveDeviceInput {
  @Field(() => ID)
  deviceId!: string;
}

/** Relay's forward paging. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'At most 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor to go on from.' })
  after?: string | null;
}

/** Which page of which devices in which order. */
@ArgsType()
export class DevicePageArguments extends PageArguments {
  @Field(() => DeviceFilter, { nullable: true })
  filter?: DeviceFilter | null;

  @Field(() => DeviceOrder, { nullable: true })
  orderBy?: DeviceOrder | null;
}
