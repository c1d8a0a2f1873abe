import { Field, ID, InputType } from 'type-graphql';

/** Arguments of revokeSession. */
@InputType({ description: 'The session to end.' })
export class RevokeSessionInput {
  @Field(() => ID)
  readonly sessionId!: string;
}

/** Arguments of revokeAllSessions. */
@InputType({ description: 'Whose sessions to end.' })
export class RevokeAllSessionsInput {
  @Field(() => ID, { nullable: true, description: 'The caller where left out.' })
  readonly userId?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Keeps the session that asks.' })
  readonly keepsCurrent?: boolean | null;
}
