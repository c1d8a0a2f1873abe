import { BigIntScalar, DateTime } from '@muster/kit/scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { OutputStream } from './command.ts';

/** How an agent may say that a command ended. */
export const FinishedStatus = enumOf(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'LOST'] as const);
registerEnumType(FinishedStatus, { name: 'FinishedStatus', description: 'How an agent may say that a command ended.' });

/** How much work an agent takes. */
@InputType({ description: 'How much work an agent takes.' })
export class LeaseCommandsInput {
  @Field(() => Int, { nullable: true, defaultValue: 16, description: 'At most 64.' })
  max?: number | null;
}

/** A signed order. */
@ObjectType({ description: 'A signed order.' })
export class LeasedCommand {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'JSON text; agent/PROTOCOL.md has its shape.' })
  envelope!: string;

  @Field(() => String, {
    description: 'Ed25519 by the server key over `muster-command-v1|` and the envelope, base64url.',
  })
  signature!: string;
}

/** Orders for the calling device. */
@ObjectType({ description: 'Orders for the calling device.' })
export class LeaseCommandsPayload {
  @Field(() => [LeasedCommand])
  commands!: LeasedCommand[];
}

/** A numbered piece of output. */
@InputType({ description: 'A numbered piece of output.' })
export class OutputChunkInput {
  @Field(() => Int)
  sequence!: number;

  @Field(() => OutputStream)
  stream!: keyof typeof OutputStream;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => String)
  text!: string;
}

/** How a command ended. */
@InputType({ description: 'How a command ended.' })
export class CommandFinishedInput {
  @Field(() => FinishedStatus)
  status!: keyof typeof FinishedStatus;

  @Field(() => Int, { nullable: true })
  exitCode?: number | null;

  @Field(() => String, { nullable: true })
  signal?: string | null;

  @Field(() => String, { nullable: true })
  reason?: string | null;

  @Field(() => DateTime)
  finishedAt!: Date;

  @Field(() => BigIntScalar)
  outputBytes!: bigint;

  @Field(() => Boolean)
  isOutputTruncated!: boolean;

  @Field(() => Int, { description: 'Number of the last chunk; 0 when there is none.' })
  lastSequence!: number;
}

/** News of one command; all parts are optional, an empty one renews its lease. */
@InputType({ description: 'News of one command; an empty report renews its lease.' })
export class CommandReportInput {
  @Field(() => ID)
  commandId!: string;

  @Field(() => DateTime, { nullable: true })
  startedAt?: Date | null;

  @Field(() => [OutputChunkInput], { nullable: true })
  chunks?: OutputChunkInput[] | null;

  @Field(() => CommandFinishedInput, { nullable: true })
  finished?: CommandFinishedInput | null;
}

/** News of several commands. */
@InputType({ description: 'News of several commands.' })
export class ReportCommandsInput {
  @Field(() => [CommandReportInput])
  commands!: CommandReportInput[];
}

/** What is committed of a command. */
@ObjectType({ description: 'What is committed of a command.' })
export class CommandAcknowledgement {
  @Field(() => ID)
  commandId!: string;

  @Field(() => Int, { description: 'Every chunk up to here is committed.' })
  throughSequence!: number;

  @Field(() => Boolean, {
    description: 'Nothing more is wanted: the end is committed, or the server does not know the command.',
  })
  isFinal!: boolean;
}

/** What is committed of a report. */
@ObjectType({ description: 'What is committed of a report.' })
export class ReportCommandsPayload {
  @Field(() => [CommandAcknowledgement])
  acknowledged!: CommandAcknowledgement[];
}
