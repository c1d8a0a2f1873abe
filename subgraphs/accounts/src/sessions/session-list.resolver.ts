import { Authenticated } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { RevokeAllSessionsInput, RevokeSessionInput } from './session.input.ts';
import { RevokeAllSessionsPayload, RevokeSessionPayload } from './session.payload.ts';
import { Session } from './session.ts';
import type { SessionRevocations } from './session-revocations.ts';

/** Open sessions in the graph. */
@Resolver(() => Session)
export class SessionListResolver {
  readonly #revocations: SessionRevocations;

  constructor(revocations: SessionRevocations) {
    this.#revocations = revocations;
  }

  @FieldResolver(() => Boolean, { description: 'Whether this call was made with it.' })
  isCurrent(@Root() session: Session, @Ctx() { viewer }: RequestContext): boolean {
    return viewer.kind === 'USER' && viewer.sessionId === session.id;
  }

  @Authenticated()
  @Mutation(() => RevokeSessionPayload, {
    description: 'Ends a session of the caller, or with session:revoke one of somebody else.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput) { sessionId }: RevokeSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeSessionPayload> {
    await this.#revocations.revoke(sessionId, context);
    return { sessionId };
  }

  @Authenticated()
  @Mutation(() => RevokeAllSessionsPayload, {
    description: 'Ends all sessions of the caller, or with session:revoke those of somebody else.',
  })
  async revokeAllSessions(
    @Arg('input', () => RevokeAllSessionsInput) { userId, keepsCurrent }: RevokeAllSessionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeAllSessionsPayload> {
    return { sessionCount: await this.#revocations.revokeAll({ userId, keepsCurrent: keepsCurrent ?? true }, context) };
  }
}
