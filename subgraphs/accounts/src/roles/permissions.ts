/** Everything a person or key can be allowed, `noun:verb`, with what it allows in words. */
export const permissionCatalogue = {
  'user:read': 'See the people who can sign in.',
  'user:invite': 'Invite people.',
  'user:update': 'Change people’s names and e-mails.',
  'user:disable': 'Lock people out.',
  'role:read': 'See roles and who holds them.',
  'role:write': 'Change roles and grant them.',
  'apikey:read': 'See API keys.',
  'apikey:write': 'Create and withdraw API keys.',
  'session:read': 'See who is signed in where.',
  'session:revoke': 'End other people’s sessions.',
  'sso:write': 'Set up sign-in through an identity provider.',
  'organization:read': 'See organizations and their sites.',
  'organization:write': 'Add and change organizations.',
  'organization:delete': 'Delete organizations.',
  'site:read': 'See sites.',
  'site:write': 'Add and change sites.',
  'tag:write': 'Create tags and put them on devices.',
  'device:read': 'See devices and their inventory.',
  'device:write': 'Change what is noted about devices.',
  'device:enroll': 'Create enrolment tokens and approve devices.',
  'device:revoke': 'Cut a device off for good.',
  'device:retire': 'Take a device out of service.',
  'device:move': 'Move devices between sites.',
  'device:secret': 'Reveal secrets kept for a device.',
  'metric:read': 'See measurements.',
  'event:read': 'See events of devices.',
  'alert:read': 'See alerts.',
  'alert:ack': 'Acknowledge alerts.',
  'alert:write': 'Change alert rules.',
  'script:read': 'See stored scripts.',
  'script:write': 'Change stored scripts.',
  'script:approve': 'Approve scripts for use.',
  'script:run': 'Run stored scripts.',
  'command:read': 'See commands and their output.',
  'command:run': 'Run and cancel commands on devices.',
  'file:read': 'Read files of devices.',
  'file:write': 'Write files on devices.',
  'patch:read': 'See pending updates.',
  'patch:approve': 'Approve updates.',
  'patch:deploy': 'Install updates.',
  'policy:read': 'See policies.',
  'policy:write': 'Change policies.',
  'policy:assign': 'Assign policies.',
  'job:read': 'See jobs.',
  'job:write': 'Change jobs.',
  'job:run': 'Run jobs.',
  'ticket:read': 'See tickets.',
  'ticket:write': 'Write tickets.',
  'asset:read': 'See assets.',
  'asset:write': 'Change assets.',
  'monitor:read': 'See monitoring.',
  'monitor:write': 'Change monitoring.',
  'integration:read': 'See connected tools.',
  'integration:write': 'Connect tools.',
  'report:read': 'See reports.',
  'report:write': 'Change reports.',
  'audit:read': 'Read the audit trail.',
  'audit:export': 'Export the audit trail.',
  'settings:read': 'See settings.',
  'settings:write': 'Change settings.',
  'system:health': 'See the health of the installation.',
  'system:backup': 'Back the installation up.',
} as const satisfies Record<string, string>;

/** A permission that can be granted; what belongs to agents and to the router is none of these. */
export type Permission = keyof typeof permissionCatalogue;

/** All permissions that can be granted. */
export const allPermissions = Object.keys(permissionCatalogue) as Permission[];

/** True for a name of the catalogue; a name that is none grants nothing, wherever it is stored. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissionCatalogue, name);
}

/** Who may be let in and to what is decided by people who are signed in; a stolen key must not make itself a successor. */
const neverForApiKeys: readonly Permission[] = [
  'user:invite',
  'user:update',
  'user:disable',
  'role:write',
  'apikey:write',
  'session:revoke',
  'sso:write',
  'settings:write',
];

/** True for a permission that an API key can hold. */
export function isForApiKeys(permission: Permission): boolean {
  return !neverForApiKeys.includes(permission);
}
