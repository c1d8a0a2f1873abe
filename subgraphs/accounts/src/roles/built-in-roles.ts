import { allPermissions, isPermission, type Permission } from './permissions.ts';

/** Key of the built-in role that may do everything. */
export const OWNER = 'OWNER';

const ownersOnly: readonly Permission[] = ['organization:delete', 'sso:write', 'system:backup'];

const clientUser: readonly Permission[] = [
  'organization:read',
  'site:read',
  'device:read',
  'alert:read',
  'ticket:read',
  'ticket:write',
  'report:read',
];

const readOnly: readonly Permission[] = [
  'organization:read',
  'site:read',
  'user:read',
  'device:read',
  'metric:read',
  'event:read',
  'alert:read',
  'script:read',
  'command:read',
  'patch:read',
  'policy:read',
  'job:read',
  'ticket:read',
  'asset:read',
  'monitor:read',
  'integration:read',
  'report:read',
];

const technician: readonly Permission[] = [
  ...readOnly,
  'tag:write',
  'device:write',
  'device:enroll',
  'device:move',
  'device:retire',
  'alert:ack',
  'script:run',
  'command:run',
  'file:read',
  'file:write',
  'patch:deploy',
  'job:run',
  'ticket:write',
];

const auditor: readonly Permission[] = [
  'audit:read',
  'audit:export',
  'user:read',
  'role:read',
  'apikey:read',
  'session:read',
  'settings:read',
  'organization:read',
  'site:read',
  'device:read',
  'command:read',
  'report:read',
];

/** What built-in roles allow is code, not data: it grows with a release and nobody can narrow it by accident. */
const builtInPermissions: Readonly<Record<string, readonly Permission[]>> = {
  [OWNER]: allPermissions,
  ADMIN: allPermissions.filter(permission => !ownersOnly.includes(permission)),
  TECHNICIAN: technician,
  READ_ONLY: readOnly,
  AUDITOR: auditor,
  CLIENT_USER: clientUser,
};

/** What a role allows: the built-in set of its key, else what is stored and still in the catalogue. */
export function permissionsOf(role: {
  readonly key?: string | null | undefined;
  readonly permissions: readonly string[];
}): readonly Permission[] {
  if (role.key != null) return builtInPermissions[role.key] ?? [];
  return role.permissions.filter(isPermission);
}
