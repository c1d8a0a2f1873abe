import { Field, ID, InputType, Int } from 'type-graphql';
import type { ShellName } from './command.entity.ts';
import { Shell } from './command.ts';

/** One variable; its value is write-only. */
@InputType({ description: 'One environment variable; its value is write-only.' })
export class EnvironmentVariableInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

/** What to run and how, for commands and jobs alike. */
@InputType()
export abstract class OrdersInput {
  @Field(() => String, {
    description: 'The caller’s idempotency key: the same key from the same caller returns what it made the first time.',
  })
  requestKey!: string;

  @Field(() => Shell, { nullable: true, description: 'Interpreter of `script`; a stored script has its own.' })
  shell?: ShellName | null;

  @Field(() => String, { nullable: true, description: 'Text to run, at most 128 KiB; or give `scriptId`.' })
  script?: string | null;

  @Field(() => ID, { nullable: true, description: 'Stored script to run in place of `script`.' })
  scriptId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Version of the stored script; absent is the latest.' })
  scriptVersion?: number | null;

  @Field(() => [String], { nullable: true, description: 'Absent is what a stored script has, else none.' })
  arguments?: string[] | null;

  @Field(() => [EnvironmentVariableInput], { nullable: true })
  environment?: EnvironmentVariableInput[] | null;

  @Field(() => String, { nullable: true })
  workingDirectory?: string | null;

  @Field(() => String, { nullable: true, description: 'User on the device; absent is the agent’s own.' })
  runAs?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '1 s to 86,400 s, 300 s unless said otherwise here or by a stored script; then the whole process tree is ended.',
  })
  timeoutSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 86_400,
    description: 'How long an offline device may take to fetch it, 1 s to 30 days.',
  })
  expiresInSeconds?: number | null;
}
