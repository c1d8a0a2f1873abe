import { Field, ObjectType } from 'type-graphql';
import { Organization } from './organization.ts';

/** Result of createOrganization. */
@ObjectType({ description: 'The organization that was created.' })
export class CreateOrganizationPayload {
  @Field(() => Organization)
  readonly organization!: Organization;
}
