import { DateTime } from '@muster/kit/scalars';
import { Field, ObjectType } from 'type-graphql';
import { User } from './user.ts';

const LINK = 'To be handed over by hand; null where it went out by mail.';

/** Result of inviteUser. */
@ObjectType({ description: 'The person who was invited.' })
export class InviteUserPayload {
  @Field(() => User)
  readonly user!: User;

  @Field(() => String, { nullable: true, description: LINK })
  readonly link!: string | null;

  @Field(() => DateTime, { description: 'When the invitation ends.' })
  readonly expiresAt!: Date;
}

/** Result of renewInvitation. */
@ObjectType({ description: 'The person who was invited again.' })
export class RenewInvitationPayload {
  @Field(() => User)
  readonly user!: User;

  @Field(() => String, { nullable: true, description: LINK })
  readonly link!: string | null;

  @Field(() => DateTime, { description: 'When the invitation ends.' })
  readonly expiresAt!: Date;
}

/** Result of disableUser. */
@ObjectType({ description: 'The person who is locked out.' })
export class DisableUserPayload {
  @Field(() => User)
  readonly user!: User;
}

/** Result of enableUser. */
@ObjectType({ description: 'The person who can sign in again.' })
export class EnableUserPayload {
  @Field(() => User)
  readonly user!: User;
}
