import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { isId, newId, requireId } from '@muster/kit/ids';
import type { Store } from '../store.ts';
import { UserRecord } from '../users/user.entity.ts';
import { requireAt, requireHeld, requirePerson } from './authority.ts';
import { OWNER, permissionsOf } from './built-in-roles.ts';
import { GrantRecord, type LoadedGrant } from './grant.entity.ts';
import { fromColumns, type GrantScope, placeOf, toColumns } from './grant-scope.ts';
import { type NamedScope, readScope } from './named-scope.ts';
import { lockOwners, requireAnOwner } from './owners.ts';
import { RoleRecord } from './role.entity.ts';

/** A role for somebody in a place. */
export interface NewGrant {
  readonly userId: string;
  readonly roleId: string;
  readonly scope: NamedScope;
}

/** Who has which role where. */
export class Grants {
  readonly #store: Store;
  readonly #now: () => Date;

  constructor(store: Store, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Grants of each of the people, oldest first, as far as the viewer may see them. */
  async findByUsers(ids: readonly string[], viewer: Viewer): Promise<Map<string, LoadedGrant[]>> {
    const found = await this.#store
      .as(viewer, 'role:read')
      .find(
        GrantRecord,
        { user: { $in: ids.filter(isId) } },
        { populate: ['role'], orderBy: { createdAt: 'asc', id: 'asc' } },
      );
    return Map.groupBy(found, grant => grant.user);
  }

  /** Gives a role to somebody whom the viewer sees; never more than the viewer holds there. */
  async grant(input: NewGrant, context: RequestContext): Promise<LoadedGrant> {
    const { viewer } = context;
    requirePerson(viewer);
    const userId = requireId('input.userId', input.userId);
    const work = this.#store.as(viewer, 'role:write').transactional(async em => {
      const [user, role] = [await em.findOne(UserRecord, userId), await findRole(em, input.roleId)];
      if (!user) throw new AppError('NOT_FOUND', 'There is no such person.');
      const scope = await readScope(em, input.scope, 'input.scope');
      requireAt(viewer, 'role:write', placeOf(scope));
      requireHeld(viewer, permissionsOf(role), scope);
      const grant = await addGrant(em, { userId, role, scope, at: this.#now() });
      await audit(em, context, eventOf('role.granted', grant));
      return grant;
    });
    return work.catch(error => {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      throw new AppError('CONFLICT', 'The person has this role there already.', { cause: error });
    });
  }

  /** Takes a grant away; only who could have given it may, and the last Owner stays one. Answers whose it was. */
  async revoke(grantId: string, context: RequestContext): Promise<string> {
    const { viewer } = context;
    requirePerson(viewer);
    const id = requireId('input.grantId', grantId);
    return this.#store.as(viewer, 'role:write').transactional(async em => {
      await lockOwners(em);
      const grant = await em.findOne(GrantRecord, { id }, { populate: ['role'] });
      if (!grant) throw new AppError('NOT_FOUND', 'There is no such grant.');
      requireAt(viewer, 'role:write', placeOf(fromColumns(grant)));
      requireHeld(viewer, permissionsOf(grant.role.$), fromColumns(grant));
      await em.nativeDelete(GrantRecord, { id });
      if (grant.role.$.key === OWNER && grant.scopeKind === 'ALL') await requireAnOwner(em);
      await audit(em, context, eventOf('role.revoked', grant));
      return grant.user;
    });
  }
}

/** The role with this id, or NOT_FOUND. */
export async function findRole(em: EntityManager, id: string): Promise<RoleRecord> {
  const role = await em.findOne(RoleRecord, requireId('input.roleId', id));
  if (!role) throw new AppError('NOT_FOUND', 'There is no such role.');
  return role;
}

/** Adds a grant inside the caller's transaction, which has checked that it may be given. */
export async function addGrant(
  em: EntityManager,
  given: { readonly userId: string; readonly role: RoleRecord; readonly scope: GrantScope; readonly at: Date },
): Promise<LoadedGrant> {
  const { userId, role, scope, at } = given;
  const id = newId();
  await em.insert(GrantRecord, { id, user: userId, role: role.id, ...toColumns(scope), createdAt: at });
  return em.findOneOrFail(GrantRecord, id, { populate: ['role'] });
}

function eventOf(action: string, grant: LoadedGrant) {
  return {
    action,
    organizationId: grant.organization ?? undefined,
    target: { type: 'User', id: grant.user },
    details: { grantId: grant.id, role: grant.role.$.name, scope: fromColumns(grant) },
  };
}
