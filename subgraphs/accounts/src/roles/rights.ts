import type { EntityManager } from '@mikro-orm/postgresql';
import { permissionsOf } from './built-in-roles.ts';
import { type EffectiveRights, effectiveRights, type GrantedRole } from './effective-rights.ts';
import { GrantRecord } from './grant.entity.ts';
import { fromColumns } from './grant-scope.ts';

/** Every role of the user with its place; the unit of work has to see everything. */
export async function grantedTo(em: EntityManager, userId: string): Promise<GrantedRole[]> {
  const grants = await em.find(GrantRecord, { user: userId }, { populate: ['role'], strategy: 'joined' });
  return grants.map(grant => ({ permissions: permissionsOf(grant.role.$), scope: fromColumns(grant) }));
}

/** What the user's grants add up to at this moment; the unit of work has to see everything. */
export async function rightsOf(em: EntityManager, userId: string): Promise<EffectiveRights> {
  return effectiveRights(await grantedTo(em, userId));
}
