import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A person, known here by id only. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType()
export class User {
  @Field(() => ID)
  id!: string;
}

/** An MSP's client, known here by id only. */
@Directive('@key(fields: "id")')
@ObjectType()
export class Organization {
  @Field(() => ID)
  id!: string;
}

/** A place of an organization, known here by id only. */
@Directive('@key(fields: "id")')
@ObjectType()
export class Site {
  @Field(() => ID)
  id!: string;
}
