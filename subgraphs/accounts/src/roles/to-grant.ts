import type { LoadedGrant } from './grant.entity.ts';
import type { Grant, Scope } from './grant.ts';
import { fromColumns, type GrantScope } from './grant-scope.ts';

/** A place with the ids that the graph resolves into organization and site. */
export type ScopeFacts = Scope & { readonly organizationId?: string; readonly siteId?: string };

/** The place as the graph shows it. */
export function toScope(scope: GrantScope): ScopeFacts {
  return scope;
}

/** The grant as the graph shows it; its role has to be loaded. */
export function toGrant(grant: LoadedGrant): Grant {
  return { id: grant.id, role: grant.role.$, scope: toScope(fromColumns(grant)) };
}
