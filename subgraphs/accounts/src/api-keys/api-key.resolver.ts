import { Authenticated, Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { CreateApiKeyInput, RevokeApiKeyInput } from './api-key.input.ts';
import { CreateApiKeyPayload, RevokeApiKeyPayload } from './api-key.payload.ts';
import type { ApiKeys } from './api-keys.ts';
import { toApiKey } from './to-api-key.ts';

/** API keys in the graph. */
@Resolver()
export class ApiKeyResolver {
  readonly #apiKeys: ApiKeys;

  constructor(apiKeys: ApiKeys) {
    this.#apiKeys = apiKeys;
  }

  @Requires('apikey:write')
  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes a key of what the caller holds; it never may more than that.',
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateApiKeyPayload> {
    const { apiKey, secret } = await this.#apiKeys.create(input, context);
    return { apiKey: toApiKey(apiKey), secret };
  }

  @Authenticated()
  @Mutation(() => RevokeApiKeyPayload, {
    description: 'Ends a key of the caller, or with apikey:write one of somebody else.',
  })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput) { apiKeyId }: RevokeApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeApiKeyPayload> {
    await this.#apiKeys.revoke(apiKeyId, context);
    return { apiKeyId };
  }
}
