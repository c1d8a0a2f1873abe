import { Field, ObjectType } from 'type-graphql';
import { User } from '../users/user.ts';
import { Grant } from './grant.ts';

/** Answer of explainAccess. */
@ObjectType({ description: 'Why somebody may, or may not, do something somewhere.' })
export class AccessExplanation {
  @Field(() => Boolean)
  readonly isAllowed!: boolean;

  @Field(() => User)
  readonly user!: User;

  @Field(() => [Grant], {
    description:
      'Every grant that allows it there, oldest first; without one, or for a person who cannot sign in, it is not allowed.',
  })
  readonly grants!: Grant[];
}
