import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import type { Signal } from '../events.ts';

/** Kinds of wake-ups. */
export const DeviceSignalKind = enumOf(['COMMANDS_WAITING', 'CANCEL', 'REFRESH_INVENTORY', 'REVOKED'] as const);
registerEnumType(DeviceSignalKind, { name: 'DeviceSignalKind', description: 'What a connected agent has to do.' });

/** A wake-up for the calling device. */
@ObjectType({ description: 'A wake-up for the calling device.' })
export class DeviceSignal implements Signal {
  @Field(() => DeviceSignalKind)
  kind!: Signal['kind'];

  @Field(() => ID, { nullable: true })
  commandId!: string | null;
}
