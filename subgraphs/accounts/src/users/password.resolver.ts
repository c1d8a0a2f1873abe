import { Authenticated, Public, Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  ChangePasswordInput,
  CreatePasswordResetLinkInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
} from './password.input.ts';
import {
  ChangePasswordPayload,
  CreatePasswordResetLinkPayload,
  RequestPasswordResetPayload,
  ResetPasswordPayload,
} from './password.payload.ts';
import type { PasswordChanges } from './password-changes.ts';

/** Passwords in the graph. */
@Resolver()
export class PasswordResolver {
  readonly #changes: PasswordChanges;

  constructor(changes: PasswordChanges) {
    this.#changes = changes;
  }

  @Authenticated()
  @Mutation(() => ChangePasswordPayload, {
    description: 'Changes the caller’s own password and ends the other sessions.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput) { currentPassword, newPassword }: ChangePasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<ChangePasswordPayload> {
    return { user: await this.#changes.change({ current: currentPassword, next: newPassword }, context) };
  }

  @Public()
  @Mutation(() => RequestPasswordResetPayload, {
    description: 'Mails a link to who has this e-mail, where mail is set up; the answer is the same for everybody.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput) { email }: RequestPasswordResetInput,
    @Ctx() context: RequestContext,
  ): Promise<RequestPasswordResetPayload> {
    await this.#changes.request(email, context);
    return { isAccepted: true };
  }

  @Public()
  @Mutation(() => ResetPasswordPayload, {
    description: 'Sets the password of whose link it is and ends their sessions.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput) input: ResetPasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<ResetPasswordPayload> {
    return { user: await this.#changes.reset(input, context) };
  }

  @Requires('user:update')
  @Mutation(() => CreatePasswordResetLinkPayload, {
    description: 'Makes a link by which somebody can choose a new password; never for who may do more than the caller.',
  })
  async createPasswordResetLink(
    @Arg('input', () => CreatePasswordResetLinkInput) { userId }: CreatePasswordResetLinkInput,
    @Ctx() context: RequestContext,
  ): Promise<CreatePasswordResetLinkPayload> {
    const { url, expiresAt } = await this.#changes.makeLink(userId, context);
    return { link: url, expiresAt };
  }
}
