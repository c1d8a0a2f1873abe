import { Field, ID, InputType } from 'type-graphql';

/** Arguments of changePassword. */
@InputType({ description: 'One’s own old and new password.' })
export class ChangePasswordInput {
  @Field(() => String)
  readonly currentPassword!: string;

  @Field(() => String, { description: 'At least 12 characters.' })
  readonly newPassword!: string;
}

/** Arguments of requestPasswordReset. */
@InputType({ description: 'Who cannot sign in any more.' })
export class RequestPasswordResetInput {
  @Field(() => String)
  readonly email!: string;
}

/** Arguments of resetPassword. */
@InputType({ description: 'A new password for whose link it is.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The end of the link, after `#token=`.' })
  readonly token!: string;

  @Field(() => String, { description: 'At least 12 characters.' })
  readonly password!: string;
}

/** Arguments of createPasswordResetLink. */
@InputType({ description: 'Who cannot sign in any more.' })
export class CreatePasswordResetLinkInput {
  @Field(() => ID)
  readonly userId!: string;
}
