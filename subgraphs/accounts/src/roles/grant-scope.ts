import { isWithin, type Place } from '@muster/kit/auth/scope';
import type { ViewerScope } from '@muster/kit/auth/viewer';

/** The kinds of places that a grant can cover. */
export const scopeKinds = ['ALL', 'ORGANIZATION', 'SITE', 'TAG', 'DEVICE'] as const;

/** The one place that a grant covers. */
export type GrantScope =
  | { readonly kind: 'ALL' }
  | { readonly kind: 'ORGANIZATION'; readonly organizationId: string }
  | { readonly kind: 'SITE'; readonly siteId: string; readonly organizationId: string }
  | { readonly kind: 'TAG'; readonly tag: string }
  | { readonly kind: 'DEVICE'; readonly deviceId: string };

/** The scope of a viewer who holds something in this place alone. */
export function toViewerScope(scope: GrantScope): ViewerScope {
  const nowhere = { kind: 'ORGANIZATIONS', ids: [] } as const;
  switch (scope.kind) {
    case 'ALL':
      return scope;
    case 'ORGANIZATION':
      return { ...nowhere, ids: [scope.organizationId] };
    case 'SITE':
      return { ...nowhere, siteIds: [scope.siteId] };
    case 'TAG':
      return { ...nowhere, tags: [scope.tag] };
    case 'DEVICE':
      return { ...nowhere, deviceIds: [scope.deviceId] };
  }
}

/** The place itself: of a site also the organization that it belongs to, of ALL nothing that a smaller scope could match. */
export function placeOf(scope: GrantScope): Place {
  if (scope.kind === 'TAG') return { tags: [scope.tag] };
  const { kind: _, ...place } = scope;
  return place;
}

/** What lies in both places; undefined where nothing does, or where only the devices themselves could tell. */
export function meet(one: GrantScope, other: GrantScope): GrantScope | undefined {
  if (isWithin(toViewerScope(one), placeOf(other))) return other;
  if (isWithin(toViewerScope(other), placeOf(one))) return one;
  return undefined;
}

/** The columns of a grant that say where it holds. */
export interface ScopeColumns {
  readonly scopeKind: GrantScope['kind'];
  readonly organization?: string | null | undefined;
  readonly site?: string | null | undefined;
  readonly tag?: string | null | undefined;
  readonly deviceId?: string | null | undefined;
}

/** The place as columns, each of them set or null. */
export function toColumns(scope: GrantScope): Required<ScopeColumns> {
  return {
    scopeKind: scope.kind,
    organization: 'organizationId' in scope ? scope.organizationId : null,
    site: 'siteId' in scope ? scope.siteId : null,
    tag: 'tag' in scope ? scope.tag : null,
    deviceId: 'deviceId' in scope ? scope.deviceId : null,
  };
}

/** The place that the columns say; the database's check keeps them whole. */
export function fromColumns({ scopeKind, organization, site, tag, deviceId }: ScopeColumns): GrantScope {
  switch (scopeKind) {
    case 'ALL':
      return { kind: 'ALL' };
    case 'ORGANIZATION':
      return { kind: 'ORGANIZATION', organizationId: organization ?? '' };
    case 'SITE':
      return { kind: 'SITE', siteId: site ?? '', organizationId: organization ?? '' };
    case 'TAG':
      return { kind: 'TAG', tag: tag ?? '' };
    case 'DEVICE':
      return { kind: 'DEVICE', deviceId: deviceId ?? '' };
  }
}
