import { Authenticated, Public, Requires } from '@muster/kit/auth/access';
import { anonymousViewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql';
import { Authentication } from './authentication.ts';
import { ClientKind } from './client-kind.ts';
import type { Credentials } from './credentials.ts';
import { handOver } from './hand-over.ts';
import { LogInInput } from './log-in.input.ts';
import { type LogInAnswer, LogInResult, LogOutPayload } from './log-in.payload.ts';
import type { LogIn } from './log-in.ts';
import type { Sessions } from './sessions.ts';

/** Signing in and out, and the router's question whom a credential belongs to. */
@Resolver()
export class SessionResolver {
  readonly #credentials: Credentials;
  readonly #sessions: Sessions;
  readonly #logIn: LogIn;

  constructor(rules: { readonly credentials: Credentials; readonly sessions: Sessions; readonly logIn: LogIn }) {
    this.#credentials = rules.credentials;
    this.#sessions = rules.sessions;
    this.#logIn = rules.logIn;
  }

  @Directive('@inaccessible')
  @Requires('internal:router')
  @Query(() => Authentication, {
    nullable: true,
    description: 'Resolves a credential into the caller’s identity; only the router asks.',
  })
  async authentication(
    @Arg('credential', () => String) credential: string,
    @Arg('isActivity', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description: 'False where nobody calls and the router only asks again: it keeps no session alive.',
    })
    isActivity: boolean | null,
  ): Promise<Authentication | null> {
    const resolved = await this.#credentials.resolve(credential, isActivity ?? true);
    return resolved && { viewer: JSON.stringify(resolved.viewer), expiresAt: resolved.expiresAt };
  }

  @Public()
  @Mutation(() => LogInResult, {
    description: 'Signs in with e-mail and password: BROWSER gets a cookie, CLI a bearer token.',
  })
  async logIn(
    @Arg('input', () => LogInInput) { email, password, clientKind }: LogInInput,
    @Ctx() context: RequestContext,
  ): Promise<LogInAnswer> {
    const credentials = { email, password, clientKind: clientKind ?? ClientKind.BROWSER };
    return handOver(await this.#logIn.run(credentials, context), context);
  }

  @Authenticated()
  @Mutation(() => LogOutPayload, { description: 'Ends the session that the call was made with.' })
  async logOut(@Ctx() context: RequestContext): Promise<LogOutPayload> {
    await this.#sessions.close(context);
    context.effects.session = { kind: 'closed' };
    return { viewer: anonymousViewer };
  }
}
