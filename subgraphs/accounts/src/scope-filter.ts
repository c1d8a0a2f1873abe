import { raw } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ViewerScope } from '@muster/kit/auth/viewer';

/** Name of the filter that keeps rows of other tenants out of every query. */
export const SCOPE_FILTER = 'withinScope';

/** The part of a scope that tables of accounts can be bound by. */
export interface ScopeLists {
  readonly ids: readonly string[];
  readonly siteIds: readonly string[];
}

/** A filter that is always on: a query without a scope throws, a query within one sees only what the condition lets through. */
export function withinScope(conditionOf: (lists: ScopeLists) => object) {
  const cond = ({ scope }: { scope?: ViewerScope }) => {
    if (!scope) throw new Error('a query of tenant rows names no scope');
    return scope.kind === 'ALL' ? {} : conditionOf({ ids: scope.ids, siteIds: scope.siteIds ?? [] });
  };
  return { [SCOPE_FILTER]: { name: SCOPE_FILTER, cond, default: true } };
}

/** A condition in SQL on the row that is called `row`; each `?` is a list of ids, which may be empty. */
export function sqlCondition(sql: string, lists: readonly (readonly string[])[]): object {
  const text = sql.replaceAll('?', "(string_to_array(?, ',')::uuid[])");
  const values = lists.map(list => list.join(','));
  return { [raw(alias => text.replaceAll(/\brow\./g, `${alias}.`), values)]: [] };
}

/** The scope that a unit of work is held to, for queries that filters do not reach. */
export function scopeOf(em: Pick<EntityManager, 'getFilterParams'>): ViewerScope {
  return em.getFilterParams<{ scope: ViewerScope }>(SCOPE_FILTER).scope;
}
