import type { EntityManager } from '@mikro-orm/postgresql';
import { hasPermission, type Viewer } from '@muster/kit/auth/viewer';
import { GrantRecord } from '../roles/grant.entity.ts';
import type { Store } from '../store.ts';
import { isEmail, normalizeEmail } from './email.ts';
import { UserRecord } from './user.entity.ts';

/** The people who sign in. */
export class Users {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The user with this e-mail in whatever spelling, or null; text that is no e-mail does not reach the database. */
  async findByEmail(email: string): Promise<UserRecord | null> {
    if (!isEmail(email)) return null;
    return this.#store.asService().findOne(UserRecord, { email: normalizeEmail(email) });
  }

  /** The user with this id whoever asks, or null. */
  async find(id: string): Promise<UserRecord | null> {
    return this.#store.asService().findOne(UserRecord, id);
  }

  /** Those of the users that the viewer may see: oneself, and with `user:read` who has a grant within one's scope. */
  async findVisible(ids: readonly string[], viewer: Viewer): Promise<Map<string, UserRecord>> {
    const em = this.#store.as(viewer);
    const visible = await visibleIds(em, ids, viewer);
    const found = visible.length > 0 ? await em.find(UserRecord, { id: { $in: visible } }) : [];
    return new Map(found.map(user => [user.id, user]));
  }
}

async function visibleIds(em: EntityManager, ids: readonly string[], viewer: Viewer): Promise<string[]> {
  const isSelf = (id: string): boolean => viewer.kind === 'USER' && viewer.id === id;
  if (!hasPermission(viewer, 'user:read')) return ids.filter(isSelf);
  if (viewer.scope.kind === 'ALL') return [...ids];
  const grants = await em.find(GrantRecord, {
    user: { $in: [...ids] },
    scopeKind: 'ORGANIZATION',
    scopeId: { $in: [...viewer.scope.ids] },
  });
  const known = new Set(grants.map(grant => grant.user));
  return ids.filter(id => isSelf(id) || known.has(id));
}
