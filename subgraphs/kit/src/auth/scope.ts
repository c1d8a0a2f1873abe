import { hasPermission, type Viewer, type ViewerScope } from './viewer.ts';

/** Where a row is, as far as its service knows; what is missing matches no grant of that kind. */
export interface Place {
  readonly organizationId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly deviceId?: string | undefined;
}

/** The scope that holds no row at all. */
export const nowhere: ViewerScope = { kind: 'ORGANIZATIONS', ids: [] };

/** Where the viewer holds the permission: the one question that rules ask before they read or change rows. */
export function scopeFor(viewer: Viewer, permission: string): ViewerScope {
  if (!hasPermission(viewer, permission)) return nowhere;
  if (!viewer.grants) return viewer.scope;
  return unionOf(viewer.grants.filter(grant => grant.permissions.includes(permission)).map(grant => grant.scope));
}

/** Everything that is in any of the scopes. */
export function unionOf(scopes: readonly ViewerScope[]): ViewerScope {
  const parts: Exclude<ViewerScope, { kind: 'ALL' }>[] = [];
  for (const scope of scopes) {
    if (scope.kind === 'ALL') return scope;
    parts.push(scope);
  }
  const all = (lists: readonly (readonly string[] | undefined)[]): string[] =>
    [...new Set(lists.flatMap(list => list ?? []))].sort();
  const siteIds = all(parts.map(part => part.siteIds));
  const tags = all(parts.map(part => part.tags));
  const deviceIds = all(parts.map(part => part.deviceIds));
  return {
    kind: 'ORGANIZATIONS',
    ids: all(parts.map(part => part.ids)),
    ...(siteIds.length > 0 && { siteIds }),
    ...(tags.length > 0 && { tags }),
    ...(deviceIds.length > 0 && { deviceIds }),
  };
}

/** True where the place lies within the scope; the empty place (everything) lies within ALL only. */
export function isWithin(scope: ViewerScope, place: Place): boolean {
  if (scope.kind === 'ALL') return true;
  const has = (list: readonly string[] | undefined, value: string | undefined): boolean =>
    value !== undefined && (list?.includes(value) ?? false);
  return (
    has(scope.ids, place.organizationId) ||
    has(scope.siteIds, place.siteId) ||
    has(scope.deviceIds, place.deviceId) ||
    (place.tags?.some(tag => has(scope.tags, tag)) ?? false)
  );
}

/** True where the viewer holds the permission at the place. */
export function mayAt(viewer: Viewer, permission: string, place: Place): boolean {
  return isWithin(scopeFor(viewer, permission), place);
}
