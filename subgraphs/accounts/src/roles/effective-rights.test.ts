import { scopeFor } from '@muster/kit/auth/scope';
import { anonymousViewer } from '@muster/kit/auth/viewer';
import { expect, test } from 'vitest';
import { effectiveRights, type GrantedRole } from './effective-rights.ts';
import { type GrantScope, meet } from './grant-scope.ts';

const reader = ['device:read'] as const;
const runner = ['command:run', 'device:read'] as const;
const all: GrantScope = { kind: 'ALL' };
const inA: GrantScope = { kind: 'ORGANIZATION', organizationId: 'a' };
const inB: GrantScope = { kind: 'ORGANIZATION', organizationId: 'b' };
const siteOfA: GrantScope = { kind: 'SITE', siteId: 's', organizationId: 'a' };
const tag: GrantScope = { kind: 'TAG', tag: 't' };
const device: GrantScope = { kind: 'DEVICE', deviceId: 'd' };

const grant = (permissions: GrantedRole['permissions'], scope: GrantScope): GrantedRole => ({ permissions, scope });
const organizations = (...ids: string[]) => ({ kind: 'ORGANIZATIONS', ids });

function whereOf(permission: string, ...grants: GrantedRole[]) {
  return scopeFor({ ...anonymousViewer, kind: 'USER', ...effectiveRights(grants) }, permission);
}

test('gives nothing to who has no grant', () => {
  expect(effectiveRights([])).toEqual({ permissions: [], scope: organizations() });
  expect(effectiveRights([grant([], all)])).toEqual({ permissions: [], scope: organizations() });
});

test('adds up what is granted in one place, and needs no more words for it', () => {
  for (const [scope, seen] of [
    [all, { kind: 'ALL' }],
    [inA, organizations('a')],
    [siteOfA, { ...organizations(), siteIds: ['s'] }],
    [tag, { ...organizations(), tags: ['t'] }],
    [device, { ...organizations(), deviceIds: ['d'] }],
  ] as const)
    expect(effectiveRights([grant(reader, scope), grant(['command:run'], scope)])).toEqual({
      permissions: ['command:run', 'device:read'],
      scope: seen,
    });
});

test('counts a right where it was granted and nowhere else', () => {
  const rights = [grant(runner, inB), grant(reader, inA)];

  expect(whereOf('device:read', ...rights)).toEqual(organizations('a', 'b'));
  expect(whereOf('command:run', ...rights)).toEqual(organizations('b'));
  expect(effectiveRights(rights)).toMatchObject({
    permissions: ['command:run', 'device:read'],
    scope: organizations('b'),
  });
});

test('does not carry a right in one organization everywhere', () => {
  const rights = [grant(reader, all), grant(runner, inA)];

  expect(whereOf('device:read', ...rights)).toEqual({ kind: 'ALL' });
  expect(whereOf('command:run', ...rights)).toEqual(organizations('a'));
  expect(effectiveRights(rights).scope).toEqual(organizations('a'));
});

test('lets who reads the flat scope alone see nothing where no place has all rights', () => {
  const rights = [grant(['audit:read'], inA), grant(['device:read'], inB)];

  expect(effectiveRights(rights).scope).toEqual(organizations());
  expect(whereOf('audit:read', ...rights)).toEqual(organizations('a'));
});

test('counts what holds around a site at the site too', () => {
  expect(effectiveRights([grant(reader, inA), grant(['command:run'], siteOfA)])).toMatchObject({
    scope: { ...organizations(), siteIds: ['s'] },
  });
  expect(effectiveRights([grant(runner, inA), grant(runner, siteOfA)])).not.toHaveProperty('grants');
});

test('names a role in many places once', () => {
  const places = Array.from({ length: 50 }, (_, n): GrantScope => ({ kind: 'ORGANIZATION', organizationId: `o${n}` }));

  expect(effectiveRights([grant(reader, inA), ...places.map(place => grant(runner, place))]).grants).toHaveLength(2);
});

test('finds what two places have in common', () => {
  expect(meet(all, device)).toEqual(device);
  expect(meet(siteOfA, inA)).toEqual(siteOfA);
  expect(meet(inA, siteOfA)).toEqual(siteOfA);
  expect(meet(tag, tag)).toEqual(tag);
  for (const [one, other] of [
    [inA, inB],
    [inB, siteOfA],
    [inA, tag],
    [tag, device],
  ] as const)
    expect(meet(one, other)).toBeUndefined();
});
