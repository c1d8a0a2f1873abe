import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Settings } from './settings.ts';

/** Settings of accounts in the graph. */
@ObjectType({ description: 'Settings of the installation that are about people.' })
export class AccountsSettings {
  @Field(() => Boolean, { description: 'Whether strangers may ask to be let in; somebody still has to approve.' })
  readonly acceptsAccessRequests!: boolean;
}

/** Arguments of updateAccountsSettings. */
@InputType({ description: 'Changes of settings; what is left out stays.' })
export class UpdateAccountsSettingsInput {
  @Field(() => Boolean, { nullable: true })
  readonly acceptsAccessRequests?: boolean | null;
}

/** Result of updateAccountsSettings. */
@ObjectType({ description: 'The settings as they are now.' })
export class UpdateAccountsSettingsPayload {
  @Field(() => AccountsSettings)
  readonly settings!: AccountsSettings;
}

/** Settings in the graph. */
@Resolver()
export class SettingsResolver {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  @Requires('settings:read')
  @Query(() => AccountsSettings, { description: 'Settings of the installation that are about people.' })
  accountsSettings(): Promise<AccountsSettings> {
    return this.#settings.read();
  }

  @Requires('settings:write')
  @Mutation(() => UpdateAccountsSettingsPayload, { description: 'Changes settings that are about people.' })
  async updateAccountsSettings(
    @Arg('input', () => UpdateAccountsSettingsInput) { acceptsAccessRequests }: UpdateAccountsSettingsInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateAccountsSettingsPayload> {
    const changes = acceptsAccessRequests == null ? {} : { acceptsAccessRequests };
    return { settings: await this.#settings.update(changes, context) };
  }
}
