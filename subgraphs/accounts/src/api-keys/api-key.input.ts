import { DateTime } from '@muster/kit/scalars';
import { Field, ID, InputType } from 'type-graphql';
import { ScopeInput } from '../roles/scope.input.ts';

/** Arguments of createApiKey. */
@InputType({ description: 'A key for a program.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  readonly name!: string;

  @Field(() => [String], { description: 'Names of the catalogue that the caller holds and that are for API keys.' })
  readonly permissions!: string[];

  @Field(() => [ScopeInput], { description: 'Where it may be used; at least one.' })
  readonly scopes!: ScopeInput[];

  @Field(() => DateTime, { description: 'At most a year ahead.' })
  readonly expiresAt!: Date;
}

/** Arguments of revokeApiKey. */
@InputType({ description: 'The key to end.' })
export class RevokeApiKeyInput {
  @Field(() => ID)
  readonly apiKeyId!: string;
}
