import { DateTime } from '@muster/kit/scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { ClientKind } from './client-kind.ts';

/** A session in the graph. */
@ObjectType({ description: 'A place where somebody is signed in.' })
export class Session {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => ClientKind)
  readonly kind!: ClientKind;

  @Field(() => DateTime)
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: 'The last call, to the minute.' })
  readonly lastSeenAt!: Date;

  @Field(() => DateTime, { description: 'When it ends if nobody uses it again.' })
  readonly expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'Where it was opened from.' })
  readonly ipAddress!: string | null;
}
