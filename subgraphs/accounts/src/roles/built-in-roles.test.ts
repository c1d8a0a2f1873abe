import { expect, test } from 'vitest';
import { permissionsOf } from './built-in-roles.ts';
import { allPermissions, isForApiKeys, isPermission } from './permissions.ts';

const of = (key: string): readonly string[] => permissionsOf({ key, permissions: [] });

test('makes the owner able to do everything that people can be granted, and nothing of agents or the router', () => {
  expect(of('OWNER')).toEqual(allPermissions);
  expect(allPermissions.filter(permission => /^(agent|internal):/.test(permission))).toEqual([]);
});

test('gives each built-in role less than the one before', () => {
  const includes = (more: string, fewer: string): boolean =>
    of(fewer).every(permission => of(more).includes(permission));

  expect(of('ADMIN').length).toBeLessThan(of('OWNER').length);
  expect([includes('ADMIN', 'TECHNICIAN'), includes('TECHNICIAN', 'READ_ONLY'), includes('ADMIN', 'AUDITOR')]).toEqual([
    true,
    true,
    true,
  ]);
  expect(of('READ_ONLY').filter(permission => !permission.endsWith(':read'))).toEqual([]);
  expect(of('AUDITOR').filter(permission => !/:(read|export)$/.test(permission))).toEqual([]);
  expect(
    of('TECHNICIAN').filter(permission => /^(user|role|apikey|session|audit|settings):(?!read)/.test(permission)),
  ).toEqual([]);
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

test('keeps from API keys whatever lets people in', () => {
  for (const permission of ['apikey:write', 'role:write', 'user:invite', 'user:update', 'session:revoke'] as const)
    expect(isForApiKeys(permission)).toBe(false);
  expect(isForApiKeys('command:run')).toBe(true);
});
