import { Requires } from '@muster/kit/auth/access';
import { connectionOf } from '@muster/kit/connection-types';
import { DateTime } from '@muster/kit/scalars';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A tenant in the graph. */
@Directive('@key(fields: "id")')
@Requires('organization:read')
@ObjectType({ description: 'An MSP’s client: the tenant.' })
export class Organization {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'The name as it stands in addresses; unique.' })
  readonly slug!: string;

  @Field(() => DateTime)
  readonly createdAt!: Date;
}

/** A page of organizations. */
export const OrganizationConnection = connectionOf('Organization', () => Organization);
