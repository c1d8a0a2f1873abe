import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@muster/kit/ids';
import { permissionsOf } from './built-in-roles.ts';
import { type EffectiveRights, effectiveRights } from './effective-rights.ts';
import { GrantRecord } from './grant.entity.ts';
import { RoleRecord } from './role.entity.ts';

/** What the user's grants add up to at this moment. */
export async function rightsOf(em: EntityManager, userId: string): Promise<EffectiveRights> {
  const grants = await em.find(GrantRecord, { user: userId }, { populate: ['role'], strategy: 'joined' });
  return effectiveRights(
    grants.map(({ role, scopeKind, scopeId }) => ({
      permissions: permissionsOf({ key: role.$.key ?? null, permissions: role.$.permissions }),
      scopeKind,
      scopeId: scopeId ?? null,
    })),
  );
}

/** Gives the user a built-in role everywhere, inside the caller's transaction. */
export async function grantEverywhere(
  em: EntityManager,
  grant: { readonly userId: string; readonly roleKey: string; readonly at: Date },
): Promise<void> {
  const role = await em.findOneOrFail(RoleRecord, { key: grant.roleKey });
  await em.insert(GrantRecord, {
    id: newId(),
    user: grant.userId,
    role: role.id,
    scopeKind: 'ALL',
    scopeId: null,
    createdAt: grant.at,
  });
}
