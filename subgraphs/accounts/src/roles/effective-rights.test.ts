import { expect, test } from 'vitest';
import { permissionsOf } from './built-in-roles.ts';
import { effectiveRights, type GrantedRole } from './effective-rights.ts';
import { allPermissions, isPermission } from './permissions.ts';

const reader = ['device:read'] as const;
const runner = ['device:read', 'command:run'] as const;

function grant(
  permissions: GrantedRole['permissions'],
  scopeKind: GrantedRole['scopeKind'],
  scopeId: string | null = null,
) {
  return { permissions, scopeKind, scopeId };
}

test('gives nothing to who has no grant', () => {
  expect(effectiveRights([])).toEqual({ permissions: [], scope: { kind: 'ORGANIZATIONS', ids: [] } });
});

test('adds up what is granted everywhere', () => {
  expect(effectiveRights([grant(reader, 'ALL'), grant(['command:run'], 'ALL')])).toEqual({
    permissions: ['command:run', 'device:read'],
    scope: { kind: 'ALL' },
  });
});

test('adds up what is granted in one organization', () => {
  expect(effectiveRights([grant(reader, 'ORGANIZATION', 'a'), grant(['command:run'], 'ORGANIZATION', 'a')])).toEqual({
    permissions: ['command:run', 'device:read'],
    scope: { kind: 'ORGANIZATIONS', ids: ['a'] },
  });
});

test('keeps what the organizations have in common: a right here is none there', () => {
  expect(effectiveRights([grant(runner, 'ORGANIZATION', 'b'), grant(reader, 'ORGANIZATION', 'a')])).toEqual({
    permissions: ['device:read'],
    scope: { kind: 'ORGANIZATIONS', ids: ['a', 'b'] },
  });
});

test('does not carry a right in one organization everywhere', () => {
  expect(effectiveRights([grant(reader, 'ALL'), grant(runner, 'ORGANIZATION', 'a')])).toEqual({
    permissions: ['device:read'],
    scope: { kind: 'ALL' },
  });
});

test('gives nothing yet for a site, a tag or a device', () => {
  expect(
    effectiveRights([grant(runner, 'SITE', 's'), grant(runner, 'TAG', 't'), grant(runner, 'DEVICE', 'd')]),
  ).toEqual({ permissions: [], scope: { kind: 'ORGANIZATIONS', ids: [] } });
});

test('makes the owner able to do everything that people can be granted, and nothing of agents or the router', () => {
  expect(permissionsOf({ key: 'OWNER', permissions: [] })).toEqual(allPermissions);
  expect(allPermissions.filter(permission => /^(agent|internal):/.test(permission))).toEqual([]);
});

test('ignores stored names that are no permissions', () => {
  expect(
    permissionsOf({ key: null, permissions: ['device:read', 'internal:router', 'agent:report', 'toString'] }),
  ).toEqual(['device:read']);
  expect(permissionsOf({ key: 'GONE', permissions: ['device:read'] })).toEqual([]);
});

test('names every permission noun:verb', () => {
  for (const permission of allPermissions) expect(permission).toMatch(/^[a-z]+:[a-z]+$/);
  expect(isPermission('organization:read')).toBe(true);
  expect(isPermission('internal:router')).toBe(false);
});
