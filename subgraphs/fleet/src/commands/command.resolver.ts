import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { wiredSource } from '@muster/kit/federation';
import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { PageArguments } from '../devices/device.input.ts';
import type { CommandRow } from './command.entity.ts';
import {
  CancelCommandInput,
  CancelCommandPayload,
  CommandFilter,
  RunCommandInput,
  RunCommandPayload,
} from './command.input.ts';
import { Command, CommandConnection, CommandOutputChunk } from './command.ts';
import type { Commands } from './commands.ts';

/** Which page of which commands. */
@ArgsType()
export class CommandPageArguments extends PageArguments {
  @Field(() => CommandFilter, { nullable: true })
  filter?: CommandFilter | null;
}

/** Which commands to follow. */
@ArgsType()
export class CommandChangedArguments {
  @Field(() => ID, { nullable: true })
  commandId?: string | null;

  @Field(() => ID, { nullable: true })
  deviceId?: string | null;

  @Field(() => ID, { nullable: true })
  jobId?: string | null;
}

/** The door to commands for people. */
@Resolver()
export class CommandResolver {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  @Requires('command:read')
  @Query(() => Command, {
    nullable: true,
    description: 'One command, or null where it does not exist or is out of sight.',
  })
  command(@Ctx() context: RequestContext, @Arg('id', () => ID) id: string): Promise<CommandRow | null> {
    return this.#commands.find(context.viewer, id);
  }

  @Requires('command:read')
  @Query(() => CommandConnection, { description: 'Commands that the caller may see, newest first.' })
  commands(
    @Ctx() context: RequestContext,
    @Args(() => CommandPageArguments) page: CommandPageArguments,
  ): Promise<Connection<CommandRow>> {
    return this.#commands.page(context.viewer, page, page.filter);
  }

  @Requires('command:run')
  @Mutation(() => RunCommandPayload, {
    description: 'Stores an order for a device; an offline device gets it when it is back.',
  })
  async runCommand(
    @Ctx() context: RequestContext,
    @Arg('input', () => RunCommandInput) input: RunCommandInput,
  ): Promise<RunCommandPayload> {
    return { command: await this.#commands.run(context, input) };
  }

  @Requires('command:run')
  @Mutation(() => CancelCommandPayload, {
    description: 'Ends a waiting command, or asks its device to end a running one.',
  })
  async cancelCommand(
    @Ctx() context: RequestContext,
    @Arg('input', () => CancelCommandInput) input: CancelCommandInput,
  ): Promise<CancelCommandPayload> {
    return { command: await this.#commands.cancel(context, input.commandId) };
  }

  @Requires('command:read')
  @Subscription(() => Command, {
    ...wiredSource,
    description:
      'A command after each change of its state; without arguments, any command in sight. A change may be told twice.',
  })
  commandChanged(
    @Root() command: CommandRow,
    @Args(() => CommandChangedArguments) _wish: CommandChangedArguments,
  ): CommandRow {
    return command;
  }

  @Requires('command:read')
  @Subscription(() => CommandOutputChunk, {
    ...wiredSource,
    description: 'Replays the output after a sequence, goes on live, ends when the command has ended.',
  })
  commandOutput(
    @Root() chunk: CommandOutputChunk,
    @Arg('commandId', () => ID) _commandId: string,
    @Arg('after', () => Int, { nullable: true, defaultValue: 0 }) _after?: number,
  ): CommandOutputChunk {
    return chunk;
  }
}
