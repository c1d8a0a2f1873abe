import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { CommandRow, CommandStatusName, ShellName } from './command.entity.ts';
import { Command, CommandStatus, Shell } from './command.ts';

/** One variable; its value is write-only. */
@InputType({ description: 'One environment variable; its value is write-only.' })
export class EnvironmentVariableInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

/** What to run where. */
@InputType({ description: 'What to run where.' })
export class RunCommandInput {
  @Field(() => String, {
    description: 'The caller’s idempotency key: the same key from the same caller returns the same command.',
  })
  requestKey!: string;

  @Field(() => ID)
  deviceId!: string;

  @Field(() => Shell)
  shell!: ShellName;

  @Field(() => String)
  script!: string;

  @Field(() => [String], { nullable: true })
  arguments?: string[] | null;

  @Field(() => [EnvironmentVariableInput], { nullable: true })
  environment?: EnvironmentVariableInput[] | null;

  @Field(() => String, { nullable: true })
  workingDirectory?: string | null;

  @Field(() => String, { nullable: true, description: 'User on the device; absent is the agent’s own.' })
  runAs?: string | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 300,
    description: '1 s to 86,400 s; then the whole process tree is ended.',
  })
  timeoutSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 86_400,
    description: 'How long an offline device may take to fetch it, 1 s to 30 days.',
  })
  expiresInSeconds?: number | null;
}

/** Which command to stop. */
@InputType({ description: 'Which command to stop.' })
export class CancelCommandInput {
  @Field(() => ID)
  commandId!: string;
}

/** Which commands are meant. */
@InputType({ description: 'Which commands are meant; conditions add up.' })
export class CommandFilter {
  @Field(() => ID, { nullable: true })
  deviceId?: string | null;

  @Field(() => [CommandStatus], { nullable: true })
  statuses?: CommandStatusName[] | null;
}

/** The command that the request key stands for. */
@ObjectType({ description: 'The command that the request key stands for.' })
export class RunCommandPayload {
  @Field(() => Command)
  command!: CommandRow;
}

/** The command after the wish to stop it is stored. */
@ObjectType({ description: 'The command after the wish to stop it is stored.' })
export class CancelCommandPayload {
  @Field(() => Command)
  command!: CommandRow;
}
