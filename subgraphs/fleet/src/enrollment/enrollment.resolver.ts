import { Public, Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Site } from '../references.ts';
import {
  CreateEnrollmentTokenInput,
  CreateEnrollmentTokenPayload,
  EnrollDeviceInput,
  EnrollDevicePayload,
  EnrollmentToken,
  RevokeEnrollmentTokenInput,
  RevokeEnrollmentTokenPayload,
} from './enrollment.ts';
import type { EnrollmentTokenRow } from './enrollment-token.entity.ts';
import type { EnrollmentTokens } from './enrollment-tokens.ts';
import type { Enrollments } from './enrollments.ts';

/** The door to enrolment. */
@Resolver(() => EnrollmentToken)
export class EnrollmentResolver {
  readonly #enrollments: Enrollments;
  readonly #tokens: EnrollmentTokens;
  readonly #publicUrl: string;

  constructor(parts: { enrollments: Enrollments; tokens: EnrollmentTokens; publicUrl: string }) {
    this.#enrollments = parts.enrollments;
    this.#tokens = parts.tokens;
    this.#publicUrl = parts.publicUrl;
  }

  @Requires('device:enroll')
  @Query(() => [EnrollmentToken], { description: 'Tokens that let devices enrol, newest first, at most 500.' })
  enrollmentTokens(@Ctx() context: RequestContext): Promise<EnrollmentTokenRow[]> {
    return this.#tokens.list(context);
  }

  @Requires('device:enroll')
  @Mutation(() => CreateEnrollmentTokenPayload, { description: 'Makes a token that lets devices enrol into a site.' })
  async createEnrollmentToken(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateEnrollmentTokenInput) input: CreateEnrollmentTokenInput,
  ): Promise<CreateEnrollmentTokenPayload> {
    const { row, token } = await this.#tokens.create(context, input);
    return {
      enrollmentToken: row,
      token,
      installCommand: `npm run agent -- --server ${this.#publicUrl} --token ${token}`,
    };
  }

  @Requires('device:enroll')
  @Mutation(() => RevokeEnrollmentTokenPayload, { description: 'Withdraws a token: it lets nobody in any more.' })
  async revokeEnrollmentToken(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokeEnrollmentTokenInput) input: RevokeEnrollmentTokenInput,
  ): Promise<RevokeEnrollmentTokenPayload> {
    return { enrollmentToken: await this.#tokens.revoke(context, input.enrollmentTokenId) };
  }

  @Public()
  @Mutation(() => EnrollDevicePayload, {
    description: 'Takes a device into the fleet; the token is its only credential.',
  })
  enrollDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => EnrollDeviceInput) input: EnrollDeviceInput,
  ): Promise<EnrollDevicePayload> {
    return this.#enrollments.enroll(context, input);
  }

  @FieldResolver(() => Site)
  site(@Root() { siteId }: EnrollmentTokenRow): Site {
    return { id: siteId };
  }

  @FieldResolver(() => Boolean, { description: 'False once it has expired, is used up or was withdrawn.' })
  isUsable(@Root() { expiresAt, uses, maxUses, revokedAt }: EnrollmentTokenRow): boolean {
    return !revokedAt && expiresAt.getTime() > Date.now() && uses < maxUses;
  }
}
