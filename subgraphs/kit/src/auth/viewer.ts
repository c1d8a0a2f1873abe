/** Who calls: a person, a key, a machine, nobody, the installation itself, or the router (the last two are never public callers). */
export type ViewerKind = 'ANONYMOUS' | 'USER' | 'API_KEY' | 'DEVICE' | 'SYSTEM' | 'ROUTER';

/**
 * Where rights hold: everywhere, or on what belongs to a listed organization, stands at a listed site, carries a listed
 * tag or is a listed device. Empty lists are nothing; code that knows only `ids` sees less, never more.
 */
export type ViewerScope =
  | { readonly kind: 'ALL' }
  | {
      readonly kind: 'ORGANIZATIONS';
      readonly ids: readonly string[];
      readonly siteIds?: readonly string[];
      readonly tags?: readonly string[];
      readonly deviceIds?: readonly string[];
    };

/** Permissions that hold together in one scope. */
export interface ViewerGrant {
  readonly permissions: readonly string[];
  readonly scope: ViewerScope;
}

/** The caller as every service sees it; made once by the router, never by a service. */
export interface Viewer {
  readonly kind: ViewerKind;
  /** Id of the user, key or device; empty for ANONYMOUS and ROUTER. */
  readonly id: string;
  /** Name for people to read in audit rows. */
  readonly name: string;
  /** `noun:verb` names of everything that the caller may do somewhere; `scopeFor` says where. */
  readonly permissions: readonly string[];
  /** Where all of `permissions` hold; a permission of its own may reach further. */
  readonly scope: ViewerScope;
  /** What holds where, once different permissions hold in different places; without it `scope` is the whole truth. */
  readonly grants?: readonly ViewerGrant[] | undefined;
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

/** True where the viewer holds the permission somewhere. */
export function hasPermission(viewer: Viewer, permission: string): boolean {
  return viewer.permissions.includes(permission);
}

/** True where rows of the organization are within the scope in which all of the viewer's permissions hold. */
export function maySeeOrganization(viewer: Viewer, organizationId: string): boolean {
  return viewer.scope.kind === 'ALL' || viewer.scope.ids.includes(organizationId);
}

/** Equal for two viewers who see the same data, so that they may share one upstream subscription; ids enter for machines. */
export function sharingKey(viewer: Viewer): string {
  const own = viewer.kind === 'DEVICE' ? viewer.id : '';
  const grants = (viewer.grants ?? []).map(({ permissions, scope }) => `${sorted(permissions)}@${textOf(scope)}`);
  return [viewer.kind, own, textOf(viewer.scope), sorted(viewer.permissions), grants.sort().join(';')].join('|');
}

function textOf(scope: ViewerScope): string {
  if (scope.kind === 'ALL') return '*';
  return [scope.ids, scope.siteIds, scope.tags, scope.deviceIds].map(list => sorted(list ?? [])).join('/');
}

/** Tags are people's words: JSON keeps a comma within one apart from a comma between two. */
const sorted = (list: readonly string[]): string => JSON.stringify([...list].sort());
