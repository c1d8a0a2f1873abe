import { Requires } from '@muster/kit/auth/access';
import { connectionOf } from '@muster/kit/connection-types';
import { DateTime } from '@muster/kit/scalars';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { CommandStatusName } from '../commands/command.entity.ts';
import { CommandSpec, CommandStatus } from '../commands/command.ts';

/** How many commands of a job are in one state. */
@ObjectType({ description: 'How many commands of a job are in one state.' })
export class JobStatusCount {
  @Field(() => CommandStatus)
  status!: CommandStatusName;

  @Field(() => Int)
  count!: number;
}

/** One order to many devices. */
@Requires('command:read')
@Directive('@key(fields: "id")')
@ObjectType({ description: 'One order to many devices: a command for each, all stored at once.' })
export class Job {
  @Field(() => ID)
  id!: string;

  @Field(() => CommandSpec)
  spec!: CommandSpec;

  @Field(() => DateTime)
  requestedAt!: Date;

  @Field(() => DateTime, { description: 'When commands that their devices have not fetched are given up.' })
  expiresAt!: Date;

  @Field(() => Int, { nullable: true, description: 'On how many devices it runs at a time; null is all at once.' })
  concurrency!: number | null;

  @Field(() => Int, { description: 'Devices that it was meant for, in sight or not.' })
  deviceCount!: number;
}

/** Page of jobs. */
export const JobConnection = connectionOf('Job', () => Job);
