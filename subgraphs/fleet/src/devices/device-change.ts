import { BigIntScalar } from '@muster/kit/scalars';
import { type ClassType, Field, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import type { DeviceRow } from './device.entity.ts';
import { Device } from './device.ts';

const KINDS = ['ENROLLED', 'PRESENCE', 'INVENTORY', 'UPDATED', 'REVOKED'] as const;
export type DeviceChangeKindName = (typeof KINDS)[number];
/** What about a device has changed. */
export const DeviceChangeKind = enumOf(KINDS);
registerEnumType(DeviceChangeKind, {
  name: 'DeviceChangeKind',
  description:
    'What about a device has changed: it joined, came or went, reported its inventory, was changed by people or in several ways, was cut off.',
});

/** One change of one device. */
@ObjectType({ description: 'One change of one device, told after it is stored.' })
export class DeviceChange {
  @Field(() => DeviceChangeKind)
  kind!: DeviceChangeKindName;

  @Field(() => Device)
  device!: DeviceRow;

  @Field(() => BigIntScalar, {
    description: 'Rises with every change of any device; give the last one seen as `after` to go on.',
  })
  sequence!: number;
}

/** Declares the payload of a mutation that answers the device it has changed. */
function payloadOf(name: string, description: string): ClassType<{ device: DeviceRow }> {
  @ObjectType(name, { description })
  class DevicePayload {
    @Field(() => Device)
    device!: DeviceRow;
  }
  return DevicePayload;
}

export const RevokeDevicePayload = payloadOf('RevokeDevicePayload', 'The device after it was cut off.');
export const ApproveDevicePayload = payloadOf('ApproveDevicePayload', 'The device after it was let in.');
export const RejectDevicePayload = payloadOf('RejectDevicePayload', 'The device after it was refused.');
export const MoveDevicePayload = payloadOf('MoveDevicePayload', 'The device at its new place.');
export const RenameDevicePayload = payloadOf('RenameDevicePayload', 'The device with its new name.');
export const SetDeviceTagsPayload = payloadOf('SetDeviceTagsPayload', 'The device with its tags.');
export const SetDeviceNotesPayload = payloadOf('SetDeviceNotesPayload', 'The device with its notes.');
export const SetDeviceCustomFieldsPayload = payloadOf('SetDeviceCustomFieldsPayload', 'The device with its values.');
export const RefreshInventoryPayload = payloadOf(
  'RefreshInventoryPayload',
  'The device that was asked for its inventory.',
);
