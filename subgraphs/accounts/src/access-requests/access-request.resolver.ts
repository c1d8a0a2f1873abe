import { Public, Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ApproveAccessRequestInput, RefuseAccessRequestInput, RequestAccessInput } from './access-request.input.ts';
import {
  ApproveAccessRequestPayload,
  RefuseAccessRequestPayload,
  RequestAccessPayload,
} from './access-request.payload.ts';
import { AccessRequest } from './access-request.ts';
import type { AccessRequests } from './access-requests.ts';

/** Requests to be let in, in the graph. */
@Resolver()
export class AccessRequestResolver {
  readonly #requests: AccessRequests;

  constructor(requests: AccessRequests) {
    this.#requests = requests;
  }

  @Requires('user:invite')
  @Query(() => [AccessRequest], { description: 'Who asks to be let in, oldest first, at most 500.' })
  accessRequests(@Ctx() { viewer }: RequestContext): Promise<AccessRequest[]> {
    return this.#requests.list(viewer);
  }

  @Public()
  @Mutation(() => RequestAccessPayload, { description: 'Asks to be let in, where the settings allow to ask.' })
  async requestAccess(
    @Arg('input', () => RequestAccessInput) { email, name, message }: RequestAccessInput,
    @Ctx() context: RequestContext,
  ): Promise<RequestAccessPayload> {
    await this.#requests.add({ email, name, message: message ?? '' }, context);
    return { isAccepted: true };
  }

  @Requires('user:invite')
  @Mutation(() => ApproveAccessRequestPayload, {
    description: 'Invites who asked, with a role that the caller holds too.',
  })
  approveAccessRequest(
    @Arg('input', () => ApproveAccessRequestInput) input: ApproveAccessRequestInput,
    @Ctx() context: RequestContext,
  ): Promise<ApproveAccessRequestPayload> {
    return this.#requests.approve(input, context);
  }

  @Requires('user:invite')
  @Mutation(() => RefuseAccessRequestPayload, { description: 'Forgets a request; who asked is told nothing.' })
  async refuseAccessRequest(
    @Arg('input', () => RefuseAccessRequestInput) { requestId }: RefuseAccessRequestInput,
    @Ctx() context: RequestContext,
  ): Promise<RefuseAccessRequestPayload> {
    await this.#requests.refuse(requestId, context);
    return { requestId };
  }
}
