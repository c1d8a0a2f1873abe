import { isWithin, unionOf } from '@muster/kit/auth/scope';
import type { Viewer, ViewerGrant, ViewerScope } from '@muster/kit/auth/viewer';
import { type GrantScope, placeOf, toViewerScope } from './grant-scope.ts';
import type { Permission } from './permissions.ts';

/** A role in one place. */
export interface GrantedRole {
  readonly permissions: readonly Permission[];
  readonly scope: GrantScope;
}

/** What somebody may do, and where. */
export type EffectiveRights = Pick<Viewer, 'permissions' | 'scope' | 'grants'>;

/**
 * Adds grants up to what a viewer carries. Each permission counts where it was granted and nowhere else; the flat
 * `scope` holds only places where all permissions hold, so that who reads no more than it is never let too far. Where
 * that is every place there is nothing more to say, and `grants` is left out.
 */
export function effectiveRights(granted: readonly GrantedRole[]): EffectiveRights {
  const grants = granted.filter(grant => grant.permissions.length > 0);
  const permissions = [...new Set(grants.flatMap(grant => grant.permissions))].sort();
  const full = grants.filter(({ scope }) => permissionsAt(scope, grants).size === permissions.length);
  const scope = unionOf(full.map(grant => toViewerScope(grant.scope)));
  const isWhole = grants.every(grant => isWithin(scope, placeOf(grant.scope)));
  return { permissions, scope, ...(!isWhole && { grants: grouped(grants) }) };
}

/** Everything that holds at the place, granted there or around it. */
export function permissionsAt(place: GrantScope, grants: readonly GrantedRole[]): Set<Permission> {
  const around = grants.filter(grant => isWithin(toViewerScope(grant.scope), placeOf(place)));
  return new Set(around.flatMap(grant => grant.permissions));
}

/** One entry per set of permissions, however many places it was granted in: identities travel in a header. */
function grouped(grants: readonly GrantedRole[]): ViewerGrant[] {
  const bySet = new Map<string, ViewerScope[]>();
  for (const { permissions, scope } of grants) {
    const key = [...permissions].sort().join(' ');
    bySet.set(key, [...(bySet.get(key) ?? []), toViewerScope(scope)]);
  }
  return [...bySet].map(([key, scopes]) => ({ permissions: key.split(' '), scope: unionOf(scopes) }));
}
