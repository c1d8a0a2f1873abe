import { Field, ID, ObjectType } from 'type-graphql';
import { Role } from './role.ts';

/** Result of createRole. */
@ObjectType({ description: 'The role that was created.' })
export class CreateRolePayload {
  @Field(() => Role)
  readonly role!: Role;
}

/** Result of updateRole. */
@ObjectType({ description: 'The role as it is now.' })
export class UpdateRolePayload {
  @Field(() => Role)
  readonly role!: Role;
}

/** Result of deleteRole. */
@ObjectType({ description: 'The role that is gone.' })
export class DeleteRolePayload {
  @Field(() => ID)
  readonly roleId!: string;
}
