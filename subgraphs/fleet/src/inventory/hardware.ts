import { BigIntScalar } from '@muster/kit/scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';

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

/** A memory module in its slot. */
@ObjectType({ description: 'A memory module in its slot; empty slots are left out.' })
export class MemoryModule {
  @Field(() => String, { description: 'Name of the slot as the board calls it.' })
  slot!: string;

  @Field(() => BigIntScalar)
  sizeBytes!: number;

  @Field(() => String, { nullable: true, description: 'Kind of memory: DDR4, LPDDR5.' })
  type!: string | null;

  @Field(() => Int, { nullable: true, description: 'Millions of transfers each second, which makers call MHz.' })
  speedMhz!: number | null;

  @Field(() => String, { nullable: true })
  manufacturer!: string | null;

  @Field(() => String, { nullable: true })
  partNumber!: string | null;

  @Field(() => String, { nullable: true })
  serialNumber!: string | null;
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

  @Field(() => [MemoryModule], { description: 'Empty where the device could not tell, as most virtual machines.' })
  memoryModules!: MemoryModule[];
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

  @Field(() => Boolean, { nullable: true, description: 'True for disks that turn, false for flash.' })
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
