import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import { pageSize } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { DeviceRow } from '../devices/device.entity.ts';
import { PageArguments } from '../devices/device.input.ts';
import { Device } from '../devices/device.ts';
import type { Devices } from '../devices/devices.ts';
import type { JobRow } from '../jobs/job.entity.ts';
import { Job } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { CommandRow, StoredSpec } from './command.entity.ts';
import { Actor, Command, CommandConnection, CommandOutputConnection, CommandSpec } from './command.ts';
import type { Commands } from './commands.ts';
import { readOutput } from './output.ts';

/** Which page of output. */
@ArgsType()
export class OutputArguments {
  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Sequence to go on from.' })
  after?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'At most 100.' })
  first?: number | null;
}

/** Fields of a command that are not in its own row. */
@Resolver(() => Command)
export class CommandFieldsResolver {
  readonly #database: Database;
  readonly #devices: Devices;
  readonly #jobs: Jobs;

  constructor(parts: { database: Database; devices: Devices; jobs: Jobs }) {
    this.#database = parts.database;
    this.#devices = parts.devices;
    this.#jobs = parts.jobs;
  }

  @FieldResolver(() => Device)
  device(@Ctx() context: RequestContext, @Root() command: CommandRow): Promise<DeviceRow> {
    return this.#devices.require(context.viewer, command.deviceId);
  }

  @FieldResolver(() => Job, { nullable: true, description: 'The job that it is part of.' })
  job(@Ctx() context: RequestContext, @Root() { jobId }: CommandRow): Promise<JobRow | null> | null {
    return jobId ? this.#jobs.find(context.viewer, jobId) : null;
  }

  @FieldResolver(() => CommandSpec)
  async spec(@Root() { spec, jobId }: CommandRow): Promise<StoredSpec> {
    const orders = spec ?? (jobId ? await this.#jobs.ordersOf(jobId) : undefined);
    if (!orders) throw new Error('a command has its orders, or its job has them');
    return orders;
  }

  @FieldResolver(() => Actor)
  requestedBy(@Root() { requesterKind, requesterId, requesterName }: CommandRow): Actor {
    return {
      kind: requesterKind as Actor['kind'],
      name: requesterName,
      user: requesterKind === 'USER' ? { id: requesterId } : null,
    };
  }

  @FieldResolver(() => CommandOutputConnection)
  async output(
    @Root() { id, lastSequence }: CommandRow,
    @Args(() => OutputArguments) range: OutputArguments,
  ): Promise<CommandOutputConnection> {
    const after = range.after ?? 0;
    const nodes = await readOutput(this.#database, id, { after, limit: pageSize(range.first ?? 100) });
    const edges = nodes.map(node => ({ cursor: String(node.sequence), node }));
    const last = nodes.at(-1)?.sequence ?? lastSequence;
    const pageInfo = {
      hasNextPage: last < lastSequence,
      hasPreviousPage: after > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    };
    return { nodes, edges, pageInfo };
  }
}

/** What commands add to a device. */
@Resolver(() => Device)
export class DeviceCommandsResolver {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  @Requires('command:read')
  @FieldResolver(() => CommandConnection, { description: 'Commands of this device, newest first.' })
  commands(
    @Ctx() context: RequestContext,
    @Root() { id }: DeviceRow,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<CommandRow>> {
    return this.#commands.page(context.viewer, page, { deviceId: id });
  }
}
