import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { CommandRow, CommandStatusName } from '../commands/command.entity.ts';
import { Actor, CommandConnection, CommandStatus } from '../commands/command.ts';
import type { Commands } from '../commands/commands.ts';
import { PageArguments } from '../devices/device.input.ts';
import type { JobRow } from './job.entity.ts';
import { CancelJobInput, CancelJobPayload, RunJobInput, RunJobPayload } from './job.input.ts';
import { Job, JobConnection, JobStatusCount } from './job.ts';
import type { Jobs } from './jobs.ts';

/** Which page of a job's commands. */
@ArgsType()
export class JobCommandArguments extends PageArguments {
  @Field(() => [CommandStatus], { nullable: true })
  statuses?: CommandStatusName[] | null;
}

/** The door to jobs. */
@Resolver(() => Job)
export class JobsResolver {
  readonly #jobs: Jobs;
  readonly #commands: Commands;

  constructor(jobs: Jobs, commands: Commands) {
    this.#jobs = jobs;
    this.#commands = commands;
  }

  @Requires('command:read')
  @Query(() => Job, { nullable: true, description: 'One job, or null where it does not exist or is out of sight.' })
  job(@Ctx() context: RequestContext, @Arg('id', () => ID) id: string): Promise<JobRow | null> {
    return this.#jobs.find(context.viewer, id);
  }

  @Requires('command:read')
  @Query(() => JobConnection, { description: 'Jobs that the caller may see, newest first.' })
  jobs(@Ctx() context: RequestContext, @Args(() => PageArguments) page: PageArguments): Promise<Connection<JobRow>> {
    return this.#jobs.page(context.viewer, page);
  }

  @Requires('command:run')
  @Mutation(() => RunJobPayload, {
    description: 'Stores an order for many devices at once; offline devices get it when they are back.',
  })
  async runJob(
    @Ctx() context: RequestContext,
    @Arg('input', () => RunJobInput) input: RunJobInput,
  ): Promise<RunJobPayload> {
    return { job: await this.#jobs.run(context, input) };
  }

  @Requires('command:run')
  @Mutation(() => CancelJobPayload, {
    description: 'Ends the waiting commands of a job and asks devices to end the running ones.',
  })
  async cancelJob(
    @Ctx() context: RequestContext,
    @Arg('input', () => CancelJobInput) input: CancelJobInput,
  ): Promise<CancelJobPayload> {
    return { job: await this.#jobs.cancel(context, input.jobId) };
  }

  @FieldResolver(() => Actor)
  requestedBy(@Root() { requesterKind, requesterId, requesterName }: JobRow): Actor {
    return {
      kind: requesterKind as Actor['kind'],
      name: requesterName,
      user: requesterKind === 'USER' ? { id: requesterId } : null,
    };
  }

  @FieldResolver(() => [JobStatusCount], {
    description: 'Commands in sight by state; states without commands are left out.',
  })
  statusCounts(@Ctx() context: RequestContext, @Root() { id }: JobRow): Promise<JobStatusCount[]> {
    return this.#jobs.statusCounts(context.viewer, id);
  }

  @FieldResolver(() => CommandConnection, { description: 'Its commands in sight.' })
  commands(
    @Ctx() context: RequestContext,
    @Root() { id }: JobRow,
    @Args(() => JobCommandArguments) { statuses, ...page }: JobCommandArguments,
  ): Promise<Connection<CommandRow>> {
    return this.#commands.page(context.viewer, page, { jobId: id, ...(statuses && { statuses }) });
  }
}
