import { connectionOf } from '@muster/kit/connection-types';
import { DateTime } from '@muster/kit/scalars';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { UserStatus } from './user-status.ts';

registerEnumType(UserStatus, {
  name: 'UserStatus',
  description: 'Whether a person can sign in.',
  valuesConfig: {
    INVITED: { description: 'Has not accepted the invitation yet.' },
    DISABLED: { description: 'Is locked out.' },
  },
});

/** A person in the graph; reachable only through fields that guard themselves. */
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person who signs in.' })
export class User {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly email!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => UserStatus)
  readonly status!: UserStatus;

  @Field(() => DateTime)
  readonly createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'The last call, to the minute; null before the first.' })
  readonly lastSeenAt?: Date | null | undefined;
}

/** A page of people. */
export const UserConnection = connectionOf('User', () => User);
