import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { requireId } from '@muster/kit/ids';
import { requirePerson } from '../roles/authority.ts';
import type { Store } from '../store.ts';
import type { Users } from '../users/users.ts';
import { SessionRecord } from './session.entity.ts';

/** Ending sessions before their time: one's own, and with `session:revoke` those of people whom the viewer sees. */
export class SessionRevocations {
  readonly #store: Store;
  readonly #users: Users;

  constructor(store: Store, users: Users) {
    this.#store = store;
    this.#users = users;
  }

  /** Ends one session; its next call, and the router's next question, finds nobody. */
  async revoke(sessionId: string, context: RequestContext): Promise<void> {
    requirePerson(context.viewer);
    const id = requireId('input.sessionId', sessionId);
    const session = await this.#store.asService().findOne(SessionRecord, id);
    if (!session || !(await this.#mayEnd(session.user.id, context))) throw unknown();
    await this.#store.asService().transactional(async em => {
      if ((await em.nativeDelete(SessionRecord, { id })) !== 1) throw unknown();
      await audit(em, context, {
        action: 'session.revoked',
        target: { type: 'Session', id },
        details: { userId: session.user.id },
      });
    });
  }

  /** Ends every session of a person but the one that asks, where that is kept; answers how many. */
  async revokeAll(
    input: { readonly userId?: string | null | undefined; readonly keepsCurrent: boolean },
    context: RequestContext,
  ): Promise<number> {
    const { viewer } = context;
    requirePerson(viewer);
    const userId = requireId('input.userId', input.userId ?? viewer.id);
    if (userId !== viewer.id) await this.#users.require(userId, viewer, 'session:revoke');
    const kept = input.keepsCurrent && viewer.sessionId ? { id: { $ne: viewer.sessionId } } : {};
    return this.#store.asService().transactional(async em => {
      const count = await em.nativeDelete(SessionRecord, { user: userId, ...kept });
      await audit(em, context, {
        action: 'session.allRevoked',
        target: { type: 'User', id: userId },
        details: { count },
      });
      return count;
    });
  }

  async #mayEnd(userId: string, { viewer }: RequestContext): Promise<boolean> {
    return userId === viewer.id || (await this.#users.findWhere([userId], viewer, 'session:revoke')).size > 0;
  }
}

function unknown(): AppError {
  return new AppError('NOT_FOUND', 'There is no such session.');
}
