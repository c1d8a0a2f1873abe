import { Field, ID, InputType } from 'type-graphql';
import { ScopeInput } from '../roles/scope.input.ts';
import { ClientKind } from '../sessions/client-kind.ts';

/** Arguments of inviteUser. */
@InputType({ description: 'Somebody to be let in, and to what.' })
export class InviteUserInput {
  @Field(() => String)
  readonly email!: string;

  @Field(() => String, { description: '1 to 100 characters; the person can change it when accepting.' })
  readonly name!: string;

  @Field(() => ID)
  readonly roleId!: string;

  @Field(() => [ScopeInput], { description: 'Where the role holds; at least one.' })
  readonly scopes!: ScopeInput[];
}

/** Arguments of renewInvitation. */
@InputType({ description: 'Somebody who has not accepted yet.' })
export class RenewInvitationInput {
  @Field(() => ID)
  readonly userId!: string;
}

/** Arguments of acceptInvitation. */
@InputType({ description: 'What an invited person says.' })
export class AcceptInvitationInput {
  @Field(() => String, { description: 'The end of the link, after `#token=`.' })
  readonly token!: string;

  @Field(() => String, { nullable: true, description: '1 to 100 characters; left out, the inviter’s word stays.' })
  readonly name?: string | null;

  @Field(() => String, { description: 'At least 12 characters.' })
  readonly password!: string;

  @Field(() => ClientKind, { nullable: true, defaultValue: ClientKind.BROWSER })
  readonly clientKind?: ClientKind | null;
}

/** Arguments of disableUser. */
@InputType({ description: 'Somebody to lock out.' })
export class DisableUserInput {
  @Field(() => ID)
  readonly userId!: string;
}

/** Arguments of enableUser. */
@InputType({ description: 'Somebody to let in again.' })
export class EnableUserInput {
  @Field(() => ID)
  readonly userId!: string;
}
