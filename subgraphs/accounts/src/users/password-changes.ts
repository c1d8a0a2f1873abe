import type { EntityManager } from '@mikro-orm/postgresql';
import { anonymousViewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { requireCovers, requirePerson } from '../roles/authority.ts';
import { grantedTo } from '../roles/rights.ts';
import { addressKeys } from '../sessions/address-keys.ts';
import { SessionRecord } from '../sessions/session.entity.ts';
import type { Throttle } from '../sessions/throttle.ts';
import type { Store } from '../store.ts';
import { Problems } from '../validation/problems.ts';
import { normalizeEmail } from './email.ts';
import type { OneTimeLink, OneTimeLinks } from './one-time-links.ts';
import { passwordProblems } from './password-policy.ts';
import type { Passwords } from './passwords.ts';
import { UserRecord } from './user.entity.ts';
import type { Users } from './users.ts';

/** What changes of passwords stand on. */
export interface PasswordChangesDeps {
  readonly store: Store;
  readonly users: Users;
  readonly passwords: Passwords;
  readonly links: OneTimeLinks;
  /** Shared with signing in: guessing the old password is guessing the password. */
  readonly throttle: Throttle;
  /** Counts every request for mail as a failure, so that nobody floods a mailbox. */
  readonly requests: Throttle;
}

/** New passwords: by who knows the old one, or by a link that works once. */
export class PasswordChanges {
  readonly #deps: PasswordChangesDeps;

  constructor(deps: PasswordChangesDeps) {
    this.#deps = deps;
  }

  /** Changes one's own password; every other session of the person ends. */
  async change(
    input: { readonly current: string; readonly next: string },
    context: RequestContext,
  ): Promise<UserRecord> {
    const { store, users, passwords, throttle } = this.#deps;
    const { viewer } = context;
    requirePerson(viewer);
    const user = await users.find(viewer.id);
    if (!user) throw new AppError('NOT_FOUND', 'There is no such person.');
    const attempt = throttle.begin([`account ${user.email}`, ...addressKeys(context)]);
    const isRight = await passwords.isRight(input.current.slice(0, MAX_LENGTH), user.passwordHash).catch(error => {
      attempt.release();
      throw error;
    });
    if (!isRight) {
      attempt.fail();
      throw badInput('input.currentPassword', 'is wrong');
    }
    attempt.release();
    const passwordHash = await this.#hash(input.next, user, 'input.newPassword');
    await store.asService().transactional(async em => {
      await setPassword(em, user, { passwordHash, keptSession: viewer.sessionId });
      await audit(em, context, { action: 'password.changed', target: { type: 'User', id: user.id } });
    });
    return user;
  }

  /** Mails a link to who has this e-mail; the answer is the same for everybody, and comes before the mail is sent. */
  async request(email: string, context: RequestContext): Promise<void> {
    const { store, users, links, requests } = this.#deps;
    requests.begin([`reset ${normalizeEmail(email).slice(0, 254)}`, ...addressKeys(context)]).fail();
    const user = await users.findByEmail(email);
    const canReset = links.canMail && user?.status === 'ACTIVE';
    const link = await store.asService().transactional(async em => {
      await audit(
        em,
        { ...context, viewer: anonymousViewer },
        {
          action: 'password.resetRequested',
          ...(user && { target: { type: 'User', id: user.id } }),
        },
      );
      return canReset ? links.make(em, user, 'PASSWORD_RESET') : undefined;
    });
    if (user && link) void links.mail(mailFor(user, link));
  }

  /** A link for somebody who cannot sign in, to be handed over by who asks; never for who may do more than that. */
  async makeLink(userId: string, context: RequestContext): Promise<OneTimeLink> {
    const { store, users, links } = this.#deps;
    requirePerson(context.viewer);
    const { id } = await users.require(userId, context.viewer, 'user:update');
    return store.asService().transactional(async em => {
      const user = await em.findOneOrFail(UserRecord, id);
      requireCovers(context.viewer, await grantedTo(em, id));
      if (user.status !== 'ACTIVE') throw new AppError('PRECONDITION_FAILED', 'This person cannot sign in at all.');
      await audit(em, context, { action: 'password.linkCreated', target: { type: 'User', id } });
      return links.make(em, user, 'PASSWORD_RESET');
    });
  }

  /** Sets the password of whose link it is; every session of that person ends. */
  async reset(
    input: { readonly token: string; readonly password: string },
    context: RequestContext,
  ): Promise<UserRecord> {
    const { store, links } = this.#deps;
    const em = store.asService();
    const bearer = await links.bearerOf(em, input.token, 'PASSWORD_RESET');
    const passwordHash = await this.#hash(input.password, bearer, 'input.password');
    return em.fork().transactional(async inner => {
      const user = await links.redeem(inner, input.token, 'PASSWORD_RESET');
      await setPassword(inner, user, { passwordHash });
      const actor = { ...context, viewer: { ...anonymousViewer, kind: 'USER', id: user.id, name: user.name } } as const;
      await audit(inner, actor, { action: 'password.reset', target: { type: 'User', id: user.id } });
      return user;
    });
  }

  async #hash(password: string, { email }: UserRecord, path: string): Promise<string> {
    const problems = new Problems();
    problems.add(path, passwordProblems(password, email));
    problems.throwIfAny();
    return this.#deps.passwords.hash(password);
  }
}

const MAX_LENGTH = 2000;

async function setPassword(
  em: EntityManager,
  { id }: UserRecord,
  change: { readonly passwordHash: string; readonly keptSession?: string | undefined },
): Promise<void> {
  const { passwordHash, keptSession } = change;
  await em.nativeUpdate(UserRecord, { id }, { passwordHash });
  await em.nativeDelete(SessionRecord, { user: id, ...(keptSession && { id: { $ne: keptSession } }) });
}

function mailFor(user: UserRecord, link: OneTimeLink) {
  return {
    to: user.email,
    subject: 'A new password for Muster',
    text: `Hello ${user.name},\n\nsomebody, probably you, asked for a new password. Choose it here:\n\n${link.url}\n\nThe link works once, until ${link.expiresAt.toUTCString()}. If it was not you, do nothing.\n`,
  };
}
