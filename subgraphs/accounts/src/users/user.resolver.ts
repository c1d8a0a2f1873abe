import { Public, Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ClientKind } from '../sessions/client-kind.ts';
import { handOver } from '../sessions/hand-over.ts';
import { type LogInAnswer, LogInPayload } from '../sessions/log-in.payload.ts';
import type { Invitations } from './invitations.ts';
import type { Locks } from './locks.ts';
import {
  AcceptInvitationInput,
  DisableUserInput,
  EnableUserInput,
  InviteUserInput,
  RenewInvitationInput,
} from './user.input.ts';
import { DisableUserPayload, EnableUserPayload, InviteUserPayload, RenewInvitationPayload } from './user.payload.ts';
import { User, UserConnection } from './user.ts';
import { UsersArguments } from './users.args.ts';
import type { Users } from './users.ts';

/** What people in the graph stand on. */
export interface UserRules {
  readonly users: Users;
  readonly invitations: Invitations;
  readonly locks: Locks;
}

/** People in the graph. */
@Resolver()
export class UserResolver {
  readonly #rules: UserRules;

  constructor(rules: UserRules) {
    this.#rules = rules;
  }

  @Requires('user:read')
  @Query(() => UserConnection, { description: 'People who have rights where the caller may see people, by name.' })
  users(
    @Args(() => UsersArguments) page: UsersArguments,
    @Ctx() { viewer }: RequestContext,
  ): Promise<Connection<User>> {
    return this.#rules.users.list(page, viewer);
  }

  @Requires('user:read')
  @Query(() => User, { nullable: true, description: 'One person, or null where there is none or out of sight.' })
  async user(@Arg('id', () => ID) id: string, @Ctx() { viewer }: RequestContext): Promise<User | null> {
    return (await this.#rules.users.findVisible([id], viewer)).get(id) ?? null;
  }

  @Requires('user:invite')
  @Mutation(() => InviteUserPayload, { description: 'Lets somebody in, with a role that the caller holds there too.' })
  inviteUser(
    @Arg('input', () => InviteUserInput) input: InviteUserInput,
    @Ctx() context: RequestContext,
  ): Promise<InviteUserPayload> {
    return this.#rules.invitations.invite(input, context);
  }

  @Requires('user:invite')
  @Mutation(() => RenewInvitationPayload, { description: 'Makes a new invitation link; the old one stops working.' })
  renewInvitation(
    @Arg('input', () => RenewInvitationInput) { userId }: RenewInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<RenewInvitationPayload> {
    return this.#rules.invitations.renew(userId, context);
  }

  @Public()
  @Mutation(() => LogInPayload, { description: 'Turns an invitation into a person who can sign in, and signs in.' })
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput) input: AcceptInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<LogInAnswer> {
    const acceptance = { ...input, clientKind: input.clientKind ?? ClientKind.BROWSER };
    return handOver(await this.#rules.invitations.accept(acceptance, context), context);
  }

  @Requires('user:disable')
  @Mutation(() => DisableUserPayload, { description: 'Locks somebody out and ends their sessions.' })
  async disableUser(
    @Arg('input', () => DisableUserInput) { userId }: DisableUserInput,
    @Ctx() context: RequestContext,
  ): Promise<DisableUserPayload> {
    return { user: await this.#rules.locks.disable(userId, context) };
  }

  @Requires('user:disable')
  @Mutation(() => EnableUserPayload, { description: 'Lets somebody who was locked out in again.' })
  async enableUser(
    @Arg('input', () => EnableUserInput) { userId }: EnableUserInput,
    @Ctx() context: RequestContext,
  ): Promise<EnableUserPayload> {
    return { user: await this.#rules.locks.enable(userId, context) };
  }
}
