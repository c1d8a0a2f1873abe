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
} from './enrollment.ts';
import type { EnrollmentTokenRow } from './enrollment-token.entity.ts';
import type { Enrollments } from './enrollments.ts';

/** The door to enrolment. */
@Resolver(() => EnrollmentToken)
export class EnrollmentResolver {
  readonly #enrollments: Enrollments;
  readonly #publicUrl: string;

  constructor(enrollments: Enrollments, publicUrl: string) {
    this.#enrollments = enrollments;
    this.#publicUrl = publicUrl;
  }

  @Requires('device:enroll')
  @Query(() => [EnrollmentToken], { description: 'Tokens that let devices enrol, newest first, at most 500.' })
  enrollmentTokens(@Ctx() context: RequestContext): Promise<EnrollmentTokenRow[]> {
    return this.#enrollments.list(context);
  }

  @Requires('device:enroll')
  @Mutation(() => CreateEnrollmentTokenPayload, { description: 'Makes a token that lets devices enrol into a site.' })
  async createEnrollmentToken(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateEnrollmentTokenInput) input: CreateEnrollmentTokenInput,
  ): Promise<CreateEnrollmentTokenPayload> {
    const { row, token } = await this.#enrollments.createToken(context, input);
    return {
      enrollmentToken: row,
      token,
      installCommand: `npm run agent -- --server ${this.#publicUrl} --token ${token}`,
    };
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

  @FieldResolver(() => Boolean, { description: 'False once it has expired or is used up.' })
  isUsable(@Root() { expiresAt, uses, maxUses }: EnrollmentTokenRow): boolean {
    return expiresAt.getTime() > Date.now() && uses < maxUses;
  }
}
