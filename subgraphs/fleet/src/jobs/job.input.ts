import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { OrdersInput } from '../commands/orders.input.ts';
import { DeviceFilter } from '../devices/device.input.ts';
import type { JobRow } from './job.entity.ts';
import { Job } from './job.ts';

/** Which devices a job is for: exactly one of the ways to say it. */
@InputType({ description: 'Which devices a job is for: exactly one of the fields is given.' })
export class JobTargetInput {
  @Field(() => [ID], { nullable: true, description: 'Each must exist and be in sight.' })
  deviceIds?: string[] | null;

  @Field(() => String, { nullable: true })
  tag?: string | null;

  @Field(() => ID, { nullable: true })
  siteId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => DeviceFilter, { nullable: true })
  filter?: DeviceFilter | null;
}

/** What to run on many devices. */
@InputType({ description: 'What to run on many devices.' })
export class RunJobInput extends OrdersInput {
  @Field(() => JobTargetInput, {
    description:
      'Which devices; those that wait for approval or are cut off are left out. Decided once, when the job is stored.',
  })
  target!: JobTargetInput;

  @Field(() => Int, {
    nullable: true,
    description: 'On how many devices it runs at a time, 1 to 10,000; absent is all at once.',
  })
  concurrency?: number | null;
}

/** The job that the request key stands for. */
@ObjectType({ description: 'The job that the request key stands for.' })
export class RunJobPayload {
  @Field(() => Job)
  job!: JobRow;
}

/** Which job to stop. */
@InputType({ description: 'Which job to stop.' })
export class CancelJobInput {
  @Field(() => ID)
  jobId!: string;
}

/** The job after the wish to stop it is stored. */
@ObjectType({ description: 'The job after the wish to stop it is stored.' })
export class CancelJobPayload {
  @Field(() => Job)
  job!: JobRow;
}
