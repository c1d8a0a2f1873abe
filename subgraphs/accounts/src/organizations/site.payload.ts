import { Field, ObjectType } from 'type-graphql';
import { Site } from './site.ts';

/** Result of createSite. */
@ObjectType({ description: 'The site that was created.' })
export class CreateSitePayload {
  @Field(() => Site)
  readonly site!: Site;
}
