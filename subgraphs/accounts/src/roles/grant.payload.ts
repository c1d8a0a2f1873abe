import { Field, ID, ObjectType } from 'type-graphql';
import { User } from '../users/user.ts';
import { Grant } from './grant.ts';

/** Result of grantRole. */
@ObjectType({ description: 'The grant that was made.' })
export class GrantRolePayload {
  @Field(() => Grant)
  readonly grant!: Grant;
}

/** Result of revokeGrant. */
@ObjectType({ description: 'The grant that is gone.' })
export class RevokeGrantPayload {
  @Field(() => ID)
  readonly grantId!: string;

  @Field(() => User, { nullable: true, description: 'Whose it was; null where that person is out of sight now.' })
  readonly user!: User | null;
}
