import { DateTime } from '@muster/kit/scalars';
import { Field, ID, ObjectType } from 'type-graphql';

/** A request in the graph. */
@ObjectType({ description: 'Somebody who asks to be let in.' })
export class AccessRequest {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String, { description: 'As the stranger says; nobody has checked it.' })
  readonly email!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly message!: string;

  @Field(() => DateTime)
  readonly createdAt!: Date;
}
