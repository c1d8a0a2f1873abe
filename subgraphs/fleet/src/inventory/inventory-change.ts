import { connectionOf } from '@muster/kit/connection-types';
import { DateTime } from '@muster/kit/scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import type { ChangeKindName } from './inventory-diff.ts';
import type { InventorySectionName } from './inventory-section.ts';
import { InventorySection } from './report-inventory.ts';

/** Kinds of changes. */
export const InventoryChangeKind = enumOf(['ADDED', 'REMOVED', 'CHANGED'] as const);
registerEnumType(InventoryChangeKind, {
  name: 'InventoryChangeKind',
  description: 'Whether something came, went or is another than before.',
});

/** One difference between two reports. */
@ObjectType({ description: 'One difference between two reports of a device; kept for a year unless set otherwise.' })
export class InventoryChange {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime, { description: 'When the later report was stored.' })
  at!: Date;

  @Field(() => InventorySection)
  section!: InventorySectionName;

  @Field(() => InventoryChangeKind)
  kind!: ChangeKindName;

  @Field(() => String, {
    description: 'What has changed: a package, a service, `eth0.addresses`, `cpu.model`.',
  })
  name!: string;

  @Field(() => String, { nullable: true })
  before!: string | null;

  @Field(() => String, { nullable: true })
  after!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'In the last entry of a very large report: how many further changes are not listed.',
  })
  omittedCount!: number | null;
}

/** Page of changes. */
export const InventoryChangeConnection = connectionOf('InventoryChange', () => InventoryChange);
