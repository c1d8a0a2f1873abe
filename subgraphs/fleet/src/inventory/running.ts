import { BigIntScalar, DateTime } from '@muster/kit/scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';

/** A person who is logged in on the device. */
@ObjectType({ description: 'A person who is logged in on the device.' })
export class LoggedInUser {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  terminal!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the person came from, for remote sessions.' })
  host!: string | null;

  @Field(() => DateTime, { nullable: true })
  since!: string | null;
}

/** A process as it was seen once. */
@ObjectType({ description: 'A process as it was seen once.' })
export class Process {
  @Field(() => Int)
  pid!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  user!: string | null;

  @Field(() => Float, { nullable: true, description: 'Share of one processor since the look before; may pass 100.' })
  cpuPercent!: number | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Resident memory.' })
  memoryBytes!: number | null;

  @Field(() => String, { nullable: true, description: 'Command line, cut after 1,024 characters.' })
  command!: string | null;

  @Field(() => DateTime, { nullable: true })
  startedAt!: string | null;
}

/** The processes of one moment. */
@ObjectType({ description: 'The processes of one moment; only the newest snapshot is kept.' })
export class ProcessSnapshot {
  @Field(() => DateTime, { description: 'When the device looked.' })
  at!: string;

  @Field(() => [Process])
  processes!: Process[];
}
