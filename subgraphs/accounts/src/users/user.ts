import { Directive, Field, ID, ObjectType } from 'type-graphql';

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
}
