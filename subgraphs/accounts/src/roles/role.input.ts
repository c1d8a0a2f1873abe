import { Field, ID, InputType } from 'type-graphql';

const PERMISSIONS = 'Names of the catalogue; at least one.';

/** Arguments of createRole. */
@InputType({ description: 'A new role.' })
export class CreateRoleInput {
  @Field(() => String, { description: '1 to 100 characters; unique.' })
  readonly name!: string;

  @Field(() => [String], { description: PERMISSIONS })
  readonly permissions!: string[];
}

/** Arguments of updateRole. */
@InputType({ description: 'Changes of a role; what is left out stays.' })
export class UpdateRoleInput {
  @Field(() => ID)
  readonly roleId!: string;

  @Field(() => String, { nullable: true })
  readonly name?: string | null;

  @Field(() => [String], { nullable: true, description: PERMISSIONS })
  readonly permissions?: string[] | null;
}

/** Arguments of deleteRole. */
@InputType({ description: 'A role that nobody has any more.' })
export class DeleteRoleInput {
  @Field(() => ID)
  readonly roleId!: string;
}
