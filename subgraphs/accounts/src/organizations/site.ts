import { Requires } from '@muster/kit/auth/access';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A place in the graph. */
@Directive('@key(fields: "id")')
@Requires('organization:read')
@ObjectType({ description: 'A place of an organization where devices stand.' })
export class Site {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'IANA name, for example Europe/Berlin.' })
  readonly timeZone!: string;
}
