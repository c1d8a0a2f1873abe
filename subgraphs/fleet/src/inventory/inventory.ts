import { connectionOf } from '@muster/kit/connection-types';
import { BigIntScalar, DateTime } from '@muster/kit/scalars';
import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { INVENTORY_SECTIONS, type InventorySectionName } from './inventory-section.entity.ts';

/** Families of operating systems. */
export const OsFamily = enumOf(['LINUX', 'WINDOWS', 'MACOS', 'OTHER'] as const);
registerEnumType(OsFamily, { name: 'OsFamily', description: 'Family of an operating system.' });

/** Parts of an inventory as an enum. */
export const InventorySection = enumOf(INVENTORY_SECTIONS);
registerEnumType(InventorySection, {
  name: 'InventorySection',
  description: 'Part of an inventory that is reported on its own.',
});

/** The operating system; what the device could not tell is null. */
@ObjectType({ description: 'The operating system; what the device could not tell is null.' })
export class OperatingSystem {
  @Field(() => OsFamily)
  family!: keyof typeof OsFamily;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true })
  version!: string | null;

  @Field(() => String, { nullable: true })
  kernel!: string | null;

  @Field(() => String, { nullable: true })
  architecture!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether installed updates wait for a reboot.' })
  needsReboot!: boolean | null;
}

/** The processor. */
@ObjectType({ description: 'The processor.' })
export class Cpu {
  @Field(() => String, { nullable: true })
  model!: string | null;

  @Field(() => Int, { nullable: true, description: 'Physical cores.' })
  cores!: number | null;

  @Field(() => Int, { nullable: true, description: 'Logical processors.' })
  threads!: number | null;

  @Field(() => Float, { nullable: true })
  speedMhz!: number | null;
}

/** The machine itself; what the device could not tell is null. */
@ObjectType({ description: 'The machine itself; what the device could not tell is null.' })
export class Hardware {
  @Field(() => String, { nullable: true })
  manufacturer!: string | null;

  @Field(() => String, { nullable: true })
  model!: string | null;

  @Field(() => String, { nullable: true })
  serialNumber!: string | null;

  @Field(() => Boolean, { nullable: true })
  isVirtual!: boolean | null;

  @Field(() => Cpu)
  cpu!: Cpu;

  @Field(() => BigIntScalar, { nullable: true })
  memoryBytes!: number | null;
}

/** A mounted local file system. */
@ObjectType({ description: 'A mounted local file system.' })
export class FileSystem {
  @Field(() => String)
  mountPoint!: string;

  @Field(() => String, { nullable: true })
  device!: string | null;

  @Field(() => String, { nullable: true })
  type!: string | null;

  @Field(() => BigIntScalar)
  sizeBytes!: number;

  @Field(() => BigIntScalar)
  usedBytes!: number;
}

/** A block device. */
@ObjectType({ description: 'A block device.' })
export class Disk {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  model!: string | null;

  @Field(() => String, { nullable: true })
  serialNumber!: string | null;

  @Field(() => BigIntScalar, { nullable: true })
  sizeBytes!: number | null;

  @Field(() => Boolean, { nullable: true })
  isRotational!: boolean | null;
}

/** A network interface with its addresses. */
@ObjectType({ description: 'A network interface with its addresses.' })
export class NetworkInterface {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  macAddress!: string | null;

  @Field(() => [String], { description: 'Addresses with prefix length.' })
  addresses!: string[];

  @Field(() => Boolean, { nullable: true })
  isUp!: boolean | null;

  @Field(() => Int, { nullable: true })
  mtu!: number | null;

  @Field(() => Int, { nullable: true })
  speedMbps!: number | null;
}

/** An installed package. */
@ObjectType({ description: 'An installed package.' })
export class Software {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  version!: string;

  @Field(() => String, { nullable: true })
  architecture!: string | null;

  @Field(() => String, { nullable: true })
  publisher!: string | null;

  @Field(() => BigIntScalar, { nullable: true })
  installedSizeBytes!: number | null;
}

/** Page of installed packages. */
export const SoftwareConnection = connectionOf('Software', () => Software);

/** A person who is logged in on the device. */
@ObjectType({ description: 'A person who is logged in on the device.' })
export class LoggedInUser {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  terminal!: string | null;

  @Field(() => String, { nullable: true })
  host!: string | null;

  @Field(() => DateTime, { nullable: true })
  since!: string | null;
}

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
