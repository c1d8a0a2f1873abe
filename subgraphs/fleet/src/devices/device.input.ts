import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { OsFamily } from '../inventory/operating-system.ts';
import type { DeviceStatusName } from './device.entity.ts';
import { DeviceStatus } from './device.ts';

const ORDER_FIELDS = ['HOSTNAME', 'STATUS', 'SITE', 'OS', 'LAST_SEEN_AT', 'ENROLLED_AT'] as const;
export type DeviceOrderFieldName = (typeof ORDER_FIELDS)[number];
/** Columns that devices can be ordered by. */
export const DeviceOrderField = enumOf(ORDER_FIELDS);
registerEnumType(DeviceOrderField, {
  name: 'DeviceOrderField',
  description: 'What devices are ordered by; SITE keeps the devices of a site together, in no order of names.',
});

/** Direction of an order. */
export const OrderDirection = enumOf(['ASC', 'DESC'] as const);
registerEnumType(OrderDirection, { name: 'OrderDirection', description: 'Direction of an order.' });

/** Which devices are meant; conditions add up. */
@InputType({ description: 'Which devices are meant; conditions add up.' })
export class DeviceFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words that all occur in name, tag, address, serial number, model or operating system.',
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

  @Field(() => [String], { nullable: true, description: 'Tags that the device carries all of.' })
  tags?: string[] | null;

  @Field(() => [OsFamily], { nullable: true })
  osFamilies?: (keyof typeof OsFamily)[] | null;

  @Field(() => [String], { nullable: true, description: 'Versions of the agent, exactly.' })
  agentVersions?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the device waits for a reboot.' })
  needsReboot?: boolean | null;
}

/** How a list of devices is ordered. */
@InputType({ description: 'How a list of devices is ordered; ties by id.' })
export class DeviceOrder {
  @Field(() => DeviceOrderField)
  field!: DeviceOrderFieldName;

  @Field(() => OrderDirection, { nullable: true, defaultValue: 'ASC' })
  direction?: 'ASC' | 'DESC' | null;
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
