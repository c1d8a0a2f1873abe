import { DateTime } from '@muster/kit/scalars';
import { Directive, Field, ObjectType } from 'type-graphql';

/** What the router learns about a credential. */
@Directive('@inaccessible')
@ObjectType({ description: 'Whom a credential belongs to; for the router only.' })
export class Authentication {
  @Field(() => String, { description: 'The viewer as JSON.' })
  readonly viewer!: string;

  @Field(() => DateTime, { description: 'The answer must not be used any longer.' })
  readonly expiresAt!: Date;
}
