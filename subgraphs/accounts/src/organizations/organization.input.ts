import { Field, InputType } from 'type-graphql';

/** Arguments of createOrganization. */
@InputType({ description: 'A new organization and its first site.' })
export class CreateOrganizationInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, defaultValue: 'Main', description: 'Name of the first site.' })
  readonly siteName?: string | null;
}
