import { anonymousViewer, type Viewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { newId, requireId } from '@muster/kit/ids';
import { requireEverywhere, requirePerson } from '../roles/authority.ts';
import type { NamedScope } from '../roles/named-scope.ts';
import { addressKeys } from '../sessions/address-keys.ts';
import type { Throttle } from '../sessions/throttle.ts';
import type { Settings } from '../settings/settings.ts';
import type { Store } from '../store.ts';
import { emailProblems, normalizeEmail } from '../users/email.ts';
import type { Invitations, Invited } from '../users/invitations.ts';
import { UserRecord } from '../users/user.entity.ts';
import { Problems } from '../validation/problems.ts';
import { messageProblems, nameProblems } from '../validation/text.ts';
import { AccessRequestRecord } from './access-request.entity.ts';

/** What requests stand on. */
export interface AccessRequestsDeps {
  readonly store: Store;
  readonly settings: Settings;
  readonly invitations: Invitations;
  /** Counts every request as a failure, so that one address cannot fill the list. */
  readonly throttle: Throttle;
  readonly now: () => Date;
}

/** A stranger who wants in. */
export interface Stranger {
  readonly email: string;
  readonly name: string;
  readonly message: string;
}

const MAX_WAITING = 500;

/** Strangers ask to be let in, where the settings allow it; people who may invite everywhere answer. */
export class AccessRequests {
  readonly #deps: AccessRequestsDeps;

  constructor(deps: AccessRequestsDeps) {
    this.#deps = deps;
  }

  /** Notes a request; the answer is the same whether or not the e-mail is known or has asked before. */
  async add(input: Stranger, context: RequestContext): Promise<void> {
    const { store, settings, throttle, now } = this.#deps;
    if (!(await settings.read()).acceptsAccessRequests)
      throw new AppError('PRECONDITION_FAILED', 'This installation takes no requests. Ask somebody for an invitation.');
    validate(input);
    throttle.begin([`request ${normalizeEmail(input.email)}`, ...addressKeys(context)]).fail();
    const email = normalizeEmail(input.email);
    await store.asService().transactional(async em => {
      await em.execute("select pg_advisory_xact_lock(hashtext('accounts.access_request'))");
      const isKnown = (await em.count(UserRecord, { email })) + (await em.count(AccessRequestRecord, { email })) > 0;
      if ((await em.count(AccessRequestRecord)) >= MAX_WAITING)
        throw new AppError('RATE_LIMITED', 'Too many requests wait for an answer. Try again in some days.');
      const id = newId();
      const facts = { email, name: input.name.trim(), message: input.message.trim() };
      const remoteAddress = context.remoteAddress ?? null;
      if (!isKnown) await em.insert(AccessRequestRecord, { id, ...facts, remoteAddress, createdAt: now() });
      await audit(
        em,
        { ...context, viewer: anonymousViewer },
        {
          action: 'access.requested',
          target: { type: 'AccessRequest', id },
          ...(isKnown && { outcome: 'REFUSED' }),
          details: { email, name: facts.name },
        },
      );
    });
  }

  /** Every request that waits, oldest first. */
  async list(viewer: Viewer): Promise<AccessRequestRecord[]> {
    requireEverywhere(viewer, 'user:invite');
    return this.#deps.store.asService().find(AccessRequestRecord, {}, { orderBy: { createdAt: 'asc', id: 'asc' } });
  }

  /** Invites who asked, with rights that the approver holds too. */
  async approve(
    input: { readonly requestId: string; readonly roleId: string; readonly scopes: readonly NamedScope[] },
    context: RequestContext,
  ): Promise<Invited> {
    const { store, invitations } = this.#deps;
    const id = requireAnswerer(input.requestId, context);
    const rights = await invitations.rightsFor(input, context.viewer);
    const made = await store.asService().transactional(async em => {
      const request = await em.findOne(AccessRequestRecord, id);
      if (!request || (await em.nativeDelete(AccessRequestRecord, { id })) !== 1) throw unknown();
      const { email, name } = request;
      return invitations.add(em, { email, name, rights }, { context, action: 'access.approved' });
    });
    return invitations.handOver(made);
  }

  /** Forgets a request; whoever asked is told nothing. */
  async refuse(requestId: string, context: RequestContext): Promise<void> {
    const id = requireAnswerer(requestId, context);
    await this.#deps.store.asService().transactional(async em => {
      const request = await em.findOne(AccessRequestRecord, id);
      if (!request) throw unknown();
      await em.nativeDelete(AccessRequestRecord, { id });
      const target = { type: 'AccessRequest', id };
      await audit(em, context, { action: 'access.refused', target, details: { email: request.email } });
    });
  }
}

function requireAnswerer(requestId: string, { viewer }: RequestContext): string {
  requirePerson(viewer);
  requireEverywhere(viewer, 'user:invite');
  return requireId('input.requestId', requestId);
}

function unknown(): AppError {
  return new AppError('NOT_FOUND', 'There is no such request, or it has been answered.');
}

function validate({ email, name, message }: Stranger): void {
  const problems = new Problems();
  problems.add('input.email', emailProblems(email));
  problems.add('input.name', nameProblems(name));
  problems.add('input.message', messageProblems(message));
  problems.throwIfAny();
}
