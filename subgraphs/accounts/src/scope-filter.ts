import type { ViewerScope } from '@muster/kit/auth/viewer';

/** Name of the filter that keeps rows of other tenants out of every query. */
export const SCOPE_FILTER = 'withinScope';

/** A filter that is always on: a query without a scope throws, a query within one sees only the listed organizations. */
export function withinScope(organizationColumn: string) {
  const cond = ({ scope }: { scope?: ViewerScope }) => {
    if (!scope) throw new Error('a query of tenant rows names no scope');
    return scope.kind === 'ALL' ? {} : { [organizationColumn]: { $in: [...scope.ids] } };
  };
  return { [SCOPE_FILTER]: { name: SCOPE_FILTER, cond, default: true } };
}
