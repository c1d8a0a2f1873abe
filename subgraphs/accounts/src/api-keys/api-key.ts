import { DateTime } from '@muster/kit/scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { Scope } from '../roles/grant.ts';

/** A key of a program in the graph. */
@ObjectType({ description: 'A key by which a program calls in somebody’s name.' })
export class ApiKey {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'Its beginning, by which people tell keys apart.' })
  readonly prefix!: string;

  @Field(() => [String], { description: 'What it was made for; it never may more than its owner at the time of use.' })
  readonly permissions!: readonly string[];

  @Field(() => [Scope], { description: 'Where it was made for.' })
  readonly scopes!: readonly Scope[];

  @Field(() => DateTime)
  readonly createdAt!: Date;

  @Field(() => DateTime)
  readonly expiresAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'The last call, to the minute; null before the first.' })
  readonly lastUsedAt?: Date | null | undefined;
}
