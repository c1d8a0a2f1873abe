import { allPermissions, isPermission, type Permission } from './permissions.ts';

/** Key of the built-in role that may do everything. */
export const OWNER = 'OWNER';

/** What built-in roles allow is code, not data: it grows with a release and nobody can narrow it by accident. */
const builtInPermissions: Readonly<Record<string, readonly Permission[]>> = { [OWNER]: allPermissions };

/** What a role allows: the built-in set of its key, else what is stored and still in the catalogue. */
export function permissionsOf(role: {
  readonly key: string | null;
  readonly permissions: readonly string[];
}): readonly Permission[] {
  if (role.key !== null) return builtInPermissions[role.key] ?? [];
  return role.permissions.filter(isPermission);
}
