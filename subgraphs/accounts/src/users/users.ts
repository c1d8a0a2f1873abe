import type { Viewer } from '@muster/kit/auth/viewer';
import { type Connection, type PageArguments, pageSize, toConnection } from '@muster/kit/connection';
import { AppError } from '@muster/kit/errors';
import { isId, requireId } from '@muster/kit/ids';
import type { Permission } from '../roles/permissions.ts';
import type { Store } from '../store.ts';
import { comesAfterName, nameCursorOf, patternOf } from '../validation/named-list.ts';
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

  /** Those of the users that the viewer may see: oneself, and with `user:read` who has a grant within its scope. */
  async findVisible(ids: readonly string[], viewer: Viewer): Promise<Map<string, UserRecord>> {
    const [others, self] = await Promise.all([
      this.findWhere(ids, viewer, 'user:read'),
      viewer.kind === 'USER' && ids.includes(viewer.id) ? this.find(viewer.id) : null,
    ]);
    return self ? others.set(self.id, self) : others;
  }

  /** Those of the users who have a grant where the viewer holds the permission. */
  async findWhere(ids: readonly string[], viewer: Viewer, permission: Permission): Promise<Map<string, UserRecord>> {
    const found = await this.#store.as(viewer, permission).find(UserRecord, { id: { $in: ids.filter(isId) } });
    return new Map(found.map(user => [user.id, user]));
  }

  /** The user that an input names, among those who have a grant where the viewer holds the permission, or NOT_FOUND. */
  async require(userId: string, viewer: Viewer, permission: Permission): Promise<UserRecord> {
    const [user] = (await this.findWhere([requireId('input.userId', userId)], viewer, permission)).values();
    if (!user) throw new AppError('NOT_FOUND', 'There is no such person.');
    return user;
  }

  /** A page of the people whom the viewer may see, ordered by name without regard to case. */
  async list(
    page: PageArguments & { readonly search?: string | null | undefined },
    viewer: Viewer,
  ): Promise<Connection<UserRecord>> {
    const size = pageSize(page.first);
    const pattern = patternOf(page.search);
    const matching = pattern ? { $or: [{ name: { $ilike: pattern } }, { email: { $ilike: pattern } }] } : {};
    const [rows, totalCount] = await Promise.all([
      this.#store
        .as(viewer, 'user:read')
        .find(
          UserRecord,
          { $and: [matching, comesAfterName(page.after)] },
          { orderBy: { sortName: 'asc', id: 'asc' }, limit: size + 1 },
        ),
      this.#store.as(viewer, 'user:read').count(UserRecord, matching),
    ]);
    return toConnection(rows, size, { cursorOf: nameCursorOf, totalCount, isAfter: Boolean(page.after) });
  }
}
