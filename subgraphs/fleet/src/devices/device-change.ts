import { BigIntScalar } from '@muster/kit/scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import type { DeviceRow } from './device.entity.ts';
import { Device } from './device.ts';

const KINDS = ['ENROLLED', 'PRESENCE', 'INVENTORY', 'UPDATED', 'REVOKED'] as const;
export type DeviceChangeKindName = (typeof KINDS)[number];
/** What about a device has changed. */
export const DeviceChangeKind = enumOf(KINDS);
registerEnumType(DeviceChangeKind, { name: 'DeviceChangeKind', description: 'What about a device has changed.' });

/** One change of one device. */
@ObjectType({ description: 'One change of one device, told after it is stored.' })
export class DeviceChange {
  @Field(() => DeviceChangeKind)
  kind!: DeviceChangeKindName;

  @Field(() => Device)
  device!: DeviceRow;

  @Field(() => BigIntScalar, { description: 'Rises with every change of any device.' })
  sequence!: number;
}

/** The device after it was cut off. */
@ObjectType({ description: 'The device after it was cut off.' })
export class RevokeDevicePayload {
  @Field(() => Device)
  device!: DeviceRow;
}

/** The device after it was let in. */
@ObjectType({ description: 'The device after it was let in.' })
export class ApproveDevicePayload {
  @Field(() => Device)
  device!: DeviceRow;
}

/** The device that was asked for its inventory. */
@ObjectType({ description: 'The device that was asked for its inventory.' })
export class RefreshInventoryPayload {
  @Field(() => Device)
  device!: DeviceRow;
}
