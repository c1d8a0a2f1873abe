import type { ViewerScope } from '@muster/kit/auth/viewer';
import type { Permission } from './permissions.ts';

/** The kinds of places that a grant can cover. */
export const scopeKinds = ['ALL', 'ORGANIZATION', 'SITE', 'TAG', 'DEVICE'] as const;

/** A role in one place. */
export interface GrantedRole {
  readonly permissions: readonly Permission[];
  readonly scopeKind: (typeof scopeKinds)[number];
  readonly scopeId: string | null;
}

/** What somebody may do, and whose rows they may do it to. */
export interface EffectiveRights {
  readonly permissions: readonly Permission[];
  readonly scope: ViewerScope;
}

/**
 * Adds grants up to the one set of permissions and the one scope that a viewer carries. A permission counts only where
 * it holds in the whole scope: Owner here and reader there must not become Owner there. Grants on a site, tag or
 * device give nothing yet, because nothing checks them yet.
 */
export function effectiveRights(grants: readonly GrantedRole[]): EffectiveRights {
  const everywhere = unionOf(grants.filter(grant => grant.scopeKind === 'ALL'));
  if (grants.some(grant => grant.scopeKind === 'ALL'))
    return { permissions: [...everywhere].sort(), scope: { kind: 'ALL' } };
  const byOrganization = Map.groupBy(
    grants.filter(grant => grant.scopeKind === 'ORGANIZATION' && grant.scopeId !== null),
    grant => grant.scopeId as string,
  );
  const [first = new Set<Permission>(), ...others] = [...byOrganization.values()].map(unionOf);
  const shared = [...first].filter(permission => others.every(own => own.has(permission)));
  return {
    permissions: shared.sort(),
    scope: { kind: 'ORGANIZATIONS', ids: [...byOrganization.keys()].sort() },
  };
}

function unionOf(grants: readonly GrantedRole[]): Set<Permission> {
  return new Set(grants.flatMap(grant => grant.permissions));
}
