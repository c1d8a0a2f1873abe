import { Field, ID, InputType } from 'type-graphql';

/** Arguments of createSite. */
@InputType({ description: 'A new site.' })
export class CreateSiteInput {
  @Field(() => ID)
  readonly organizationId!: string;

  @Field(() => String, { description: '1 to 100 characters; unique within the organization.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, defaultValue: 'UTC', description: 'IANA name, for example Europe/Berlin.' })
  readonly timeZone?: string | null;
}
