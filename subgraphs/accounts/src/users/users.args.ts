import { ArgsType, Field, Int } from 'type-graphql';

/** Arguments of users. */
@ArgsType()
export class UsersArguments {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'At most 100.' })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  readonly after?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of a name or e-mail.' })
  readonly search?: string | null;
}
