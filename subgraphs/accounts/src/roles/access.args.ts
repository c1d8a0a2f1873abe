import { ArgsType, Field, ID } from 'type-graphql';

/** Arguments of explainAccess. */
@ArgsType()
export class ExplainAccessArguments {
  @Field(() => ID)
  readonly userId!: string;

  @Field(() => String, { description: '`noun:verb`.' })
  readonly permission!: string;

  @Field(() => ID, { nullable: true })
  readonly organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Says its organization too.' })
  readonly siteId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Give its site too: accounts does not know where devices stand.' })
  readonly deviceId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags of the device.' })
  readonly tags?: string[] | null;
}
