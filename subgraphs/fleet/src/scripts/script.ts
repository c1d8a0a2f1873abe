import { Requires } from '@muster/kit/auth/access';
import { connectionOf } from '@muster/kit/connection-types';
import { DateTime } from '@muster/kit/scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ShellName } from '../commands/command.entity.ts';
import { Shell } from '../commands/command.ts';
import type { ScriptRow } from './script.entity.ts';

/** One version of a script. */
@ObjectType({ description: 'One version of a script; it never changes, so that what ran can always be read again.' })
export class ScriptVersion {
  @Field(() => Int, { description: 'Counts from 1.' })
  version!: number;

  @Field(() => Shell)
  shell!: ShellName;

  @Field(() => String)
  text!: string;

  @Field(() => [String], { description: 'Used where a run gives none.' })
  arguments!: readonly string[];

  @Field(() => Int, { description: 'Used where a run gives none.' })
  timeoutSeconds!: number;

  @Field(() => String, { nullable: true, description: 'Why it was made, in the author’s words.' })
  comment!: string | null;

  @Field(() => DateTime)
  createdAt!: Date;
}

/** A stored script. */
@Requires('script:read')
@ObjectType({ description: 'A stored script with all of its versions, for every organization.' })
export class Script {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => Int)
  latestVersion!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When its name, description or text was last changed.' })
  updatedAt!: Date;
}

/** Page of scripts. */
export const ScriptConnection = connectionOf('Script', () => Script);

/** What a version consists of. */
@InputType()
abstract class ScriptTextInput {
  @Field(() => [String], { nullable: true, description: 'Arguments for runs that give none.' })
  arguments?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Time for runs that give none, 1 s to 86,400 s; 300 s.' })
  timeoutSeconds?: number | null;

  @Field(() => String, { nullable: true, description: 'Why this version is made.' })
  comment?: string | null;
}

/** A script to store. */
@InputType({ description: 'A script to store; its text is version 1.' })
export class CreateScriptInput extends ScriptTextInput {
  @Field(() => String, { description: '1 to 100 characters, of one script only.' })
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Shell)
  shell!: ShellName;

  @Field(() => String, { description: 'At most 128 KiB.' })
  text!: string;
}

/** What to change of a script. */
@InputType({
  description:
    'What to change of a script; what is absent stays. Another text, shell, argument or time makes a new version.',
})
export class UpdateScriptInput extends ScriptTextInput {
  @Field(() => ID)
  scriptId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Shell, { nullable: true })
  shell?: ShellName | null;

  @Field(() => String, { nullable: true })
  text?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change was made from: CONFLICT where somebody else has made a newer one.',
  })
  baseVersion?: number | null;
}

/** Which script to delete. */
@InputType({ description: 'Which script to delete; commands keep the text that they ran.' })
export class DeleteScriptInput {
  @Field(() => ID)
  scriptId!: string;
}

/** The stored script. */
@ObjectType({ description: 'The stored script.' })
export class CreateScriptPayload {
  @Field(() => Script)
  script!: ScriptRow;
}

/** The script after its change. */
@ObjectType({ description: 'The script after its change.' })
export class UpdateScriptPayload {
  @Field(() => Script)
  script!: ScriptRow;
}

/** The script that is no more. */
@ObjectType({ description: 'The script that is no more.' })
export class DeleteScriptPayload {
  @Field(() => ID)
  scriptId!: string;
}
