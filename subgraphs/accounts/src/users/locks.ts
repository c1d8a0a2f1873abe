import type { EntityManager } from '@mikro-orm/postgresql';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { requireCovers, requirePerson } from '../roles/authority.ts';
import { lockOwners, requireAnOwner } from '../roles/owners.ts';
import { grantedTo } from '../roles/rights.ts';
import { SessionRecord } from '../sessions/session.entity.ts';
import type { Store } from '../store.ts';
import { UserRecord } from './user.entity.ts';
import { UserTokenRecord } from './user-token.entity.ts';
import type { Users } from './users.ts';

/** Locking people out and letting them in again, by who may do all that they may. */
export class Locks {
  readonly #store: Store;
  readonly #users: Users;

  constructor(store: Store, users: Users) {
    this.#store = store;
    this.#users = users;
  }

  /** From now on the person cannot sign in; sessions and links end, API keys answer nobody. The last Owner stays. */
  async disable(userId: string, context: RequestContext): Promise<UserRecord> {
    return this.#change(userId, context, async (em, user) => {
      if (user.id === context.viewer.id) throw new AppError('PRECONDITION_FAILED', 'Nobody can disable themselves.');
      user.status = 'DISABLED';
      await em.flush();
      await em.nativeDelete(SessionRecord, { user: user.id });
      await em.nativeDelete(UserTokenRecord, { user: user.id });
      await requireAnOwner(em);
      return 'user.disabled';
    });
  }

  /** The person can sign in again, or can be invited anew where there never was a password. */
  async enable(userId: string, context: RequestContext): Promise<UserRecord> {
    return this.#change(userId, context, async (em, user) => {
      if (user.status === 'DISABLED') user.status = user.passwordHash == null ? 'INVITED' : 'ACTIVE';
      await em.flush();
      return 'user.enabled';
    });
  }

  async #change(
    userId: string,
    context: RequestContext,
    work: (em: EntityManager, user: UserRecord) => Promise<string>,
  ): Promise<UserRecord> {
    requirePerson(context.viewer);
    const { id } = await this.#users.require(userId, context.viewer, 'user:disable');
    return this.#store.asService().transactional(async em => {
      await lockOwners(em);
      const user = await em.findOneOrFail(UserRecord, id);
      requireCovers(context.viewer, await grantedTo(em, id));
      const action = await work(em, user);
      await audit(em, context, { action, target: { type: 'User', id }, details: { email: user.email } });
      return user;
    });
  }
}
