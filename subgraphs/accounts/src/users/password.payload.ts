import { DateTime } from '@muster/kit/scalars';
import { Field, ObjectType } from 'type-graphql';
import { User } from './user.ts';

/** Result of changePassword. */
@ObjectType({ description: 'The person whose password is new.' })
export class ChangePasswordPayload {
  @Field(() => User)
  readonly user!: User;
}

/** Result of requestPasswordReset. */
@ObjectType({ description: 'The same for everybody.' })
export class RequestPasswordResetPayload {
  @Field(() => Boolean, { description: 'Always true; whether a mail goes out is not told.' })
  readonly isAccepted!: boolean;
}

/** Result of resetPassword. */
@ObjectType({ description: 'The person whose password is new; signing in comes next.' })
export class ResetPasswordPayload {
  @Field(() => User)
  readonly user!: User;
}

/** Result of createPasswordResetLink. */
@ObjectType({ description: 'A link to be handed over.' })
export class CreatePasswordResetLinkPayload {
  @Field(() => String, { description: 'Works once.' })
  readonly link!: string;

  @Field(() => DateTime)
  readonly expiresAt!: Date;
}
