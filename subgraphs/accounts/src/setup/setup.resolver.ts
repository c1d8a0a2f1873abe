import { Public } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ClientKind } from '../sessions/client-kind.ts';
import { handOver } from '../sessions/hand-over.ts';
import { type LogInAnswer, LogInPayload } from '../sessions/log-in.payload.ts';
import type { Settings } from '../settings/settings.ts';
import { CompleteSetupInput } from './setup.input.ts';
import type { Setup } from './setup.ts';
import { SetupState } from './setup-state.ts';

/** The set-up in the graph. */
@Resolver()
export class SetupResolver {
  readonly #setup: Setup;
  readonly #settings: Settings;

  constructor(setup: Setup, settings: Settings) {
    this.#setup = setup;
    this.#settings = settings;
  }

  @Public()
  @Query(() => SetupState, { description: 'Whether the first administrator exists, and how others come in.' })
  async setup(): Promise<SetupState> {
    const { acceptsAccessRequests } = await this.#settings.read();
    return { isComplete: await this.#setup.isComplete(), acceptsAccessRequests };
  }

  @Public()
  @Mutation(() => LogInPayload, {
    description:
      'Creates the first administrator and organization with the one-time secret that the server printed; closed for ever afterwards.',
  })
  async completeSetup(
    @Arg('input', () => CompleteSetupInput) input: CompleteSetupInput,
    @Ctx() context: RequestContext,
  ): Promise<LogInAnswer> {
    const administrator = { ...input, clientKind: input.clientKind ?? ClientKind.BROWSER };
    return handOver(await this.#setup.complete(administrator, context), context);
  }
}
