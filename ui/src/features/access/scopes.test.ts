import { describe, expect, it } from 'vitest';
import { type ScopeFields, scopeLabel, scopeOfChoice } from './scopes.ts';

const nowhere = { tag: null, deviceId: null, organization: null, site: null };
const organization = { id: 'o1', name: 'Northwind' };

describe('scopeLabel', () => {
  it.each<[ScopeFields, string]>([
    [{ ...nowhere, kind: 'ALL' }, 'Everywhere'],
    [{ ...nowhere, kind: 'ORGANIZATION', organization }, 'Northwind'],
    [{ ...nowhere, kind: 'SITE', organization, site: { id: 's1', name: 'Harbour' } }, 'Northwind / Harbour'],
    [{ ...nowhere, kind: 'TAG', tag: 'prod' }, 'Devices tagged prod'],
    [{ ...nowhere, kind: 'DEVICE', deviceId: 'd1' }, 'One device'],
  ])('names %o', (scope, label) => {
    expect(scopeLabel(scope)).toBe(label);
  });

  it('says that an organization is out of sight', () => {
    expect(scopeLabel({ ...nowhere, kind: 'ORGANIZATION' })).toBe('An organization out of sight');
    expect(scopeLabel({ ...nowhere, kind: 'SITE' })).toBe('A site of an organization out of sight');
  });
});

describe('scopeOfChoice', () => {
  it('reads each kind of place', () => {
    expect(scopeOfChoice('ALL')).toEqual({ kind: 'ALL' });
    expect(scopeOfChoice('ORGANIZATION:o1')).toEqual({ kind: 'ORGANIZATION', organizationId: 'o1' });
    expect(scopeOfChoice('SITE:s1')).toEqual({ kind: 'SITE', siteId: 's1' });
    expect(scopeOfChoice('TAG: web:prod ')).toEqual({ kind: 'TAG', tag: 'web:prod' });
  });

  it('knows nothing of a choice that is not complete', () => {
    for (const choice of ['', 'TAG:', 'TAG: ', 'SITE', 'PLANET:mars']) expect(scopeOfChoice(choice)).toBeUndefined();
  });
});
