import { Field, ID, InputType } from 'type-graphql';
import { ScopeInput } from './scope.input.ts';

/** Arguments of grantRole. */
@InputType({ description: 'A role for a person in a scope.' })
export class GrantRoleInput {
  @Field(() => ID)
  readonly userId!: string;

  @Field(() => ID)
  readonly roleId!: string;

  @Field(() => ScopeInput)
  readonly scope!: ScopeInput;
}

/** Arguments of revokeGrant. */
@InputType({ description: 'The grant to take away.' })
export class RevokeGrantInput {
  @Field(() => ID)
  readonly grantId!: string;
}
