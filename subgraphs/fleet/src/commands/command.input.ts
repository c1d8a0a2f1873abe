import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { CommandRow, CommandStatusName } from './command.entity.ts';
import { Command, CommandStatus } from './command.ts';
import { OrdersInput } from './orders.input.ts';

/** What to run where. */
@InputType({ description: 'What to run where.' })
export class RunCommandInput extends OrdersInput {
  @Field(() => ID)
  deviceId!: string;
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

  @Field(() => ID, { nullable: true })
  jobId?: string | null;

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
