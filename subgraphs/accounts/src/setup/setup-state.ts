import { Field, ObjectType } from 'type-graphql';

/** The set-up in the graph. */
@ObjectType('Setup', { description: 'The one-time creation of the first administrator.' })
export class SetupState {
  @Field(() => Boolean)
  readonly isComplete!: boolean;

  @Field(() => Boolean, { description: 'Whether strangers may ask to be let in.' })
  readonly acceptsAccessRequests!: boolean;
}
