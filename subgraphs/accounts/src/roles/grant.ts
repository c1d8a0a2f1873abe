import { Field, ID, ObjectType } from 'type-graphql';
import { Role } from './role.ts';
import { ScopeKind } from './scope.input.ts';

/** A place in the graph. */
@ObjectType({ description: 'Where rights hold.' })
export class Scope {
  @Field(() => ScopeKind)
  readonly kind!: keyof typeof ScopeKind;

  @Field(() => String, { nullable: true, description: 'Of kind TAG.' })
  readonly tag?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of kind DEVICE.' })
  readonly deviceId?: string | null;
}

/** A role that somebody has somewhere, in the graph. */
@ObjectType({ description: 'A role that somebody has in a scope.' })
export class Grant {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => Role)
  readonly role!: Role;

  @Field(() => Scope)
  readonly scope!: Scope;
}
