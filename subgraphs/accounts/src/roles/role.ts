import { Field, ID, ObjectType } from 'type-graphql';

/** A named set of permissions in the graph. */
@ObjectType({ description: 'A named set of permissions.' })
export class Role {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;
}

/** An entry of the catalogue in the graph. */
@ObjectType('Permission', { description: 'Something that people and keys can be allowed.' })
export class PermissionEntry {
  @Field(() => String, { description: '`noun:verb`.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it allows.' })
  readonly description!: string;

  @Field(() => Boolean, { description: 'Whether its use asks for a sign-in of the last five minutes.' })
  readonly needsStepUp!: boolean;

  @Field(() => Boolean, { description: 'Whether an API key can hold it.' })
  readonly isForApiKeys!: boolean;
}
