import { Field, ID, ObjectType } from 'type-graphql';
import { ApiKey } from './api-key.ts';

/** Result of createApiKey. */
@ObjectType({ description: 'The key that was made.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKey)
  readonly apiKey!: ApiKey;

  @Field(() => String, { description: 'What the program presents as bearer token; shown this once.' })
  readonly secret!: string;
}

/** Result of revokeApiKey. */
@ObjectType({ description: 'The key that is over.' })
export class RevokeApiKeyPayload {
  @Field(() => ID)
  readonly apiKeyId!: string;
}
