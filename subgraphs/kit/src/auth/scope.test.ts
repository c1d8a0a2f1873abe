import { expect, test } from 'vitest';
import { isWithin, mayAt, nowhere, scopeFor, unionOf } from './scope.ts';
import { anonymousViewer, maySeeOrganization, sharingKey, type Viewer } from './viewer.ts';

const everywhere = { kind: 'ALL' } as const;
const inOrganization = (...ids: string[]) => ({ kind: 'ORGANIZATIONS', ids }) as const;

function viewer(facts: Partial<Viewer>): Viewer {
  return { ...anonymousViewer, kind: 'USER', id: 'u1', ...facts };
}

/** Runs commands in a, reads in a and b. */
const mixed = viewer({
  permissions: ['command:run', 'device:read'],
  scope: inOrganization('a'),
  grants: [
    { permissions: ['command:run', 'device:read'], scope: inOrganization('a') },
    { permissions: ['device:read'], scope: inOrganization('b') },
  ],
});

test('tells for each permission where it holds', () => {
  expect(scopeFor(mixed, 'device:read')).toEqual(inOrganization('a', 'b'));
  expect(scopeFor(mixed, 'command:run')).toEqual(inOrganization('a'));
  expect(scopeFor(mixed, 'audit:read')).toEqual(nowhere);
  expect(mayAt(mixed, 'command:run', { organizationId: 'b' })).toBe(false);
});

test('takes the one scope of a viewer whose permissions all hold in it', () => {
  const owner = viewer({ permissions: ['device:read'], scope: everywhere });

  expect(scopeFor(owner, 'device:read')).toEqual(everywhere);
  expect(scopeFor(owner, 'command:run')).toEqual(nowhere);
});

test('gives nothing for a grant of what the viewer does not hold', () => {
  const forged = viewer({ permissions: [], grants: [{ permissions: ['device:read'], scope: everywhere }] });

  expect(scopeFor(forged, 'device:read')).toEqual(nowhere);
});

test('shows code that knows organizations only less, never more', () => {
  expect(maySeeOrganization(mixed, 'a')).toBe(true);
  expect(maySeeOrganization(mixed, 'b')).toBe(false);
  expect(maySeeOrganization(viewer({ scope: { kind: 'ORGANIZATIONS', ids: [], siteIds: ['a'] } }), 'a')).toBe(false);
});

test('adds scopes up, and everything swallows the rest', () => {
  expect(unionOf([])).toEqual(nowhere);
  expect(unionOf([inOrganization('b'), everywhere])).toEqual(everywhere);
  expect(
    unionOf([inOrganization('b'), { ...inOrganization('a', 'b'), siteIds: ['s'], tags: ['t'], deviceIds: ['d'] }]),
  ).toEqual({ kind: 'ORGANIZATIONS', ids: ['a', 'b'], siteIds: ['s'], tags: ['t'], deviceIds: ['d'] });
});

test('finds a place by its organization, its site, a tag or its device, and by nothing that is missing', () => {
  const scope = { kind: 'ORGANIZATIONS', ids: ['o'], siteIds: ['s'], tags: ['t'], deviceIds: ['d'] } as const;

  for (const place of [{ organizationId: 'o' }, { siteId: 's' }, { tags: ['x', 't'] }, { deviceId: 'd' }])
    expect(isWithin(scope, place)).toBe(true);
  for (const place of [{}, { organizationId: 's' }, { siteId: 'o' }, { tags: [] }, { tags: ['d'] }, { deviceId: 't' }])
    expect(isWithin(scope, place)).toBe(false);
  expect(isWithin(nowhere, { organizationId: 'o', siteId: 's', tags: ['t'], deviceId: 'd' })).toBe(false);
  expect(isWithin(everywhere, {})).toBe(true);
});

test('lets two viewers share only where every right of theirs is the same', () => {
  const twin: Viewer = { ...mixed, id: 'u2', permissions: [...mixed.permissions].reverse() };
  const others: Viewer[] = [
    { ...mixed, grants: undefined },
    { ...mixed, grants: mixed.grants?.slice(0, 1) },
    { ...mixed, scope: { ...inOrganization('a'), siteIds: ['s'] } },
    { ...mixed, scope: { ...inOrganization('a'), tags: ['x', 'y'] } },
    { ...mixed, scope: { ...inOrganization('a'), tags: ['x,y'] } },
    { ...mixed, scope: everywhere },
  ];

  expect(sharingKey(twin)).toBe(sharingKey(mixed));
  expect(new Set([mixed, ...others].map(sharingKey)).size).toBe(1 + others.length);
});
