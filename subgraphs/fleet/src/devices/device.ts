import { Requires } from '@muster/kit/auth/access';
import { connectionOf } from '@muster/kit/connection-types';
import { DateTime } from '@muster/kit/scalars';
import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { DEVICE_STATUSES, type DeviceStatusName } from './device.entity.ts';

/** DeviceStatus as a GraphQL enum. */
export const DeviceStatus = enumOf(DEVICE_STATUSES);
registerEnumType(DeviceStatus, {
  name: 'DeviceStatus',
  description:
    'PENDING waits for approval; ONLINE is connected now; OFFLINE is not; OVERDUE has been away for longer than the installation allows (a day unless set otherwise); REVOKED is cut off for good.',
});

/** The software on a device that speaks to Muster. */
@ObjectType({ description: 'The software on a device that speaks to Muster.' })
export class AgentInfo {
  @Field(() => String)
  version!: string;

  @Field(() => Int, { description: 'Version of the agent protocol.' })
  protocol!: number;

  @Field(() => DateTime, { nullable: true, description: 'Since when the agent is connected; null while it is not.' })
  connectedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Address that the last connection came from.' })
  remoteAddress!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How far the device’s clock is ahead of the server’s; null where not measured.',
  })
  clockSkewSeconds!: number | null;
}

/** What the caller may do with a device. */
@ObjectType({ description: 'What the caller may do with a device as it is now: lets a client gate its buttons.' })
export class DevicePermissions {
  @Field(() => Boolean)
  runCommand!: boolean;

  @Field(() => Boolean, { description: 'Let it in or refuse it, while it waits for approval.' })
  approve!: boolean;

  @Field(() => Boolean, { description: 'Change its name, tags, notes and custom fields.' })
  edit!: boolean;

  @Field(() => Boolean)
  move!: boolean;

  @Field(() => Boolean)
  revoke!: boolean;
}

/** A machine; everything else in the graph hangs on it. */
@Requires('device:read')
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A machine that has enrolled.' })
export class Device {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  hostname!: string;

  @Field(() => DeviceStatus)
  status!: DeviceStatusName;

  @Field(() => DateTime, { description: 'When the device was last heard of.' })
  lastSeenAt!: Date;

  @Field(() => DateTime, { description: 'When the device first enrolled.' })
  enrolledAt!: Date;

  @Field(() => DateTime, { nullable: true })
  bootedAt!: Date | null;

  @Field(() => [String], { description: 'In lower case, in order of the alphabet.' })
  tags!: string[];

  @Field(() => String, { nullable: true, description: 'What people noted, as they wrote it.' })
  notes!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the inventory was last reported; null before the first report.',
  })
  inventoryAt!: Date | null;
}

/** Page of devices. */
export const DeviceConnection = connectionOf('Device', () => Device);
