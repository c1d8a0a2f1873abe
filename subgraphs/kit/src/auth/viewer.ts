/** Who calls: a person, a key, a machine, nobody, the installation itself, or the router (the last two are never public callers). */
export type ViewerKind = 'ANONYMOUS' | 'USER' | 'API_KEY' | 'DEVICE' | 'SYSTEM' | 'ROUTER';

/** Whose rows a caller may see: everything, or what belongs to the listed organizations (an empty list is nothing). */
export type ViewerScope =
  | { readonly kind: 'ALL' }
  | { readonly kind: 'ORGANIZATIONS'; readonly ids: readonly string[] };

/** The caller as every service sees it; made once by the router, never by a service. */
export interface Viewer {
  readonly kind: ViewerKind;
  /** Id of the user, key or device; empty for ANONYMOUS and ROUTER. */
  readonly id: string;
  /** Name for people to read in audit rows. */
  readonly name: string;
  /** `noun:verb` names. */
  readonly permissions: readonly string[];
  readonly scope: ViewerScope;
  /** Id of the session behind a USER viewer. */
  readonly sessionId?: string | undefined;
}

/** A caller without any credential: sees nothing but public fields. */
export const anonymousViewer: Viewer = {
  kind: 'ANONYMOUS',
  id: '',
  name: 'anonymous',
  permissions: [],
  scope: { kind: 'ORGANIZATIONS', ids: [] },
};

/** The router itself, when it asks a service who a credential belongs to. */
export const routerViewer: Viewer = {
  ...anonymousViewer,
  kind: 'ROUTER',
  name: 'router',
  permissions: ['internal:router'],
};

/** True where the viewer holds the permission. */
export function hasPermission(viewer: Viewer, permission: string): boolean {
  return viewer.permissions.includes(permission);
}

/** True where rows of the organization are within the viewer's sight. */
export function maySeeOrganization(viewer: Viewer, organizationId: string): boolean {
  return viewer.scope.kind === 'ALL' || viewer.scope.ids.includes(organizationId);
}

/** Equal for two viewers who see the same data, so that they may share one upstream subscription; ids enter for machines. */
export function sharingKey(viewer: Viewer): string {
  const scope = viewer.scope.kind === 'ALL' ? '*' : [...viewer.scope.ids].sort().join(',');
  const own = viewer.kind === 'DEVICE' ? viewer.id : '';
  return [viewer.kind, own, scope, [...viewer.permissions].sort().join(',')].join('|');
}
