import { Field, ID, Int, ObjectType } from 'type-graphql';

/** Result of revokeSession. */
@ObjectType({ description: 'The session that is over.' })
export class RevokeSessionPayload {
  @Field(() => ID)
  readonly sessionId!: string;
}

/** Result of revokeAllSessions. */
@ObjectType({ description: 'What is over.' })
export class RevokeAllSessionsPayload {
  @Field(() => Int)
  readonly sessionCount!: number;
}
