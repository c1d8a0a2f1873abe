import { DateTime } from '@muster/kit/scalars';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { INVENTORY_SECTIONS, type InventorySectionName } from './inventory-section.ts';

/** Parts of an inventory as an enum. */
export const InventorySection = enumOf(INVENTORY_SECTIONS);
registerEnumType(InventorySection, {
  name: 'InventorySection',
  description: 'Part of an inventory that is reported on its own.',
});

/** One section as the agent found it. */
@InputType({ description: 'One section as the agent found it.' })
export class InventorySectionInput {
  @Field(() => InventorySection)
  section!: InventorySectionName;

  @Field(() => String, { description: 'sha256 of `data`, hex.' })
  hash!: string;

  @Field(() => String, { description: 'JSON text of the section; agent/PROTOCOL.md has the shapes.' })
  data!: string;
}

/** What an agent reports of its machine. */
@InputType({ description: 'What an agent reports of its machine.' })
export class ReportInventoryInput {
  @Field(() => [InventorySectionInput])
  sections!: InventorySectionInput[];

  @Field(() => DateTime, { nullable: true })
  bootedAt?: Date | null;

  @Field(() => String, { nullable: true })
  agentVersion?: string | null;
}

/** What of a report is stored. */
@ObjectType({ description: 'What of a report is stored.' })
export class ReportInventoryPayload {
  @Field(() => [InventorySection], {
    description: 'Sections that are stored; the agent need not send them again until they change.',
  })
  acceptedSections!: InventorySectionName[];
}
