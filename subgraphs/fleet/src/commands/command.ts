import { Requires } from '@muster/kit/auth/access';
import { connectionOf, PageInfo } from '@muster/kit/connection-types';
import { BigIntScalar, DateTime } from '@muster/kit/scalars';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { User } from '../references.ts';
import { COMMAND_STATUSES, type CommandStatusName, SHELLS, type ShellName } from './command.entity.ts';

/** CommandStatus as a GraphQL enum. */
export const CommandStatus = enumOf(COMMAND_STATUSES);
registerEnumType(CommandStatus, {
  name: 'CommandStatus',
  description:
    'QUEUED waits for its device; LEASED is on its way; RUNNING has started; SUCCEEDED, FAILED, TIMED_OUT and CANCELLED say how it ended; EXPIRED was never fetched in time; LOST was started and its end is not known. LOST, and TIMED_OUT for a device that is away, are corrected by a late report.',
});

/** Shell as a GraphQL enum. */
export const Shell = enumOf(SHELLS);
registerEnumType(Shell, {
  name: 'Shell',
  description: 'Interpreter of a script; what the device does not have ends the command as FAILED.',
});

/** Who can order something. */
export const ActorKind = enumOf(['USER', 'API_KEY', 'DEVICE', 'SYSTEM'] as const);
registerEnumType(ActorKind, { name: 'ActorKind', description: 'Kind of whoever acted.' });

/** Standard output and standard error stay apart. */
export const OutputStream = enumOf(['STDOUT', 'STDERR'] as const);
registerEnumType(OutputStream, { name: 'OutputStream', description: 'Which stream of the command wrote.' });

/** Whoever acted. */
@ObjectType({ description: 'Whoever acted.' })
export class Actor {
  @Field(() => ActorKind)
  kind!: keyof typeof ActorKind;

  @Field(() => String, { description: 'Name at the time of acting.' })
  name!: string;

  @Field(() => User, { nullable: true })
  user!: User | null;
}

/** What a command runs and how. */
@ObjectType({ description: 'What a command runs and how; values of environment variables are never shown.' })
export class CommandSpec {
  @Field(() => Shell)
  shell!: ShellName;

  @Field(() => String)
  script!: string;

  @Field(() => [String])
  arguments!: string[];

  @Field(() => [String])
  environmentNames!: string[];

  @Field(() => String, { nullable: true })
  workingDirectory!: string | null;

  @Field(() => String, { nullable: true, description: 'User on the device; null is the agent’s own.' })
  runAs!: string | null;

  @Field(() => Int)
  timeoutSeconds!: number;

  @Field(() => ID, { nullable: true, description: 'The stored script that the text was taken from.' })
  scriptId?: string | undefined;

  @Field(() => Int, { nullable: true })
  scriptVersion?: number | undefined;
}

/** A piece of output. */
@ObjectType({ description: 'A piece of output, in the order the agent saw it.' })
export class CommandOutputChunk {
  @Field(() => Int, { description: 'Counts from 1 over both streams without a gap.' })
  sequence!: number;

  @Field(() => OutputStream)
  stream!: keyof typeof OutputStream;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => String)
  text!: string;
}

@ObjectType({ description: 'One chunk and its place.' })
class CommandOutputEdge {
  @Field(() => String, { description: 'The chunk’s sequence.' })
  cursor!: string;

  @Field(() => CommandOutputChunk)
  node!: CommandOutputChunk;
}

/** Page of output. */
@ObjectType({ description: 'A page of a command’s output.' })
export class CommandOutputConnection {
  @Field(() => [CommandOutputEdge])
  edges!: CommandOutputEdge[];

  @Field(() => [CommandOutputChunk])
  nodes!: CommandOutputChunk[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

/** One order to one device. */
@Requires('command:read')
@Directive('@key(fields: "id")')
@ObjectType({ description: 'One order to one device: it waits, runs at most once, and ends in exactly one state.' })
export class Command {
  @Field(() => ID)
  id!: string;

  @Field(() => CommandStatus)
  status!: CommandStatusName;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  queuedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When somebody asked for its end.' })
  cancelRequestedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => DateTime, { description: 'When a command that its device has not fetched is given up.' })
  expiresAt!: Date;

  @Field(() => Int, { nullable: true })
  exitCode!: number | null;

  @Field(() => String, { nullable: true, description: 'Name of the signal that ended it.' })
  signal!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it could not run or ended as it did; null for an ordinary end.',
  })
  reason!: string | null;

  @Field(() => BigIntScalar, { description: 'Bytes that the command wrote, kept or not.' })
  outputBytes!: number;

  @Field(() => Boolean, { description: 'True where the middle of a long output was not kept.' })
  isOutputTruncated!: boolean;
}

/** Page of commands. */
export const CommandConnection = connectionOf('Command', () => Command);
