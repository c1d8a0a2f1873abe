import * as v from 'valibot';
import { type FragmentOf, graphql } from '#graph/graphql.ts';

/** Where a right holds, as lists show it. */
export const scopeFields = graphql(`
  fragment ScopeFields on Scope @_unmask {
    kind
    tag
    deviceId
    organization {
      id
      name
    }
    site {
      id
      name
    }
  }
`);

/** Where a right holds. */
export type ScopeFields = FragmentOf<typeof scopeFields>;

/** Where a right holds, in words; what is out of sight is told as such. */
export function scopeLabel(scope: ScopeFields): string {
  const organization = scope.organization?.name ?? 'an organization out of sight';
  const labels: Record<ScopeFields['kind'], string> = {
    ALL: 'Everywhere',
    ORGANIZATION: scope.organization ? organization : 'An organization out of sight',
    SITE: scope.site ? `${organization} / ${scope.site.name}` : `A site of ${organization}`,
    TAG: `Devices tagged ${scope.tag ?? ''}`,
    DEVICE: 'One device',
  };
  return labels[scope.kind];
}

/** A place as the graph takes it. */
export type ScopeInput =
  | { readonly kind: 'ALL' }
  | { readonly kind: 'ORGANIZATION'; readonly organizationId: string }
  | { readonly kind: 'SITE'; readonly siteId: string }
  | { readonly kind: 'TAG'; readonly tag: string };

/** Reads a form's choice (`ALL`, `ORGANIZATION:id`, `SITE:id`, `TAG:name`); undefined while it is not complete. */
export function scopeOfChoice(choice: string): ScopeInput | undefined {
  if (choice === 'ALL') return { kind: 'ALL' };
  const colon = choice.indexOf(':');
  const value = choice.slice(colon + 1).trim();
  if (colon < 0 || !value) return undefined;
  switch (choice.slice(0, colon)) {
    case 'ORGANIZATION':
      return { kind: 'ORGANIZATION', organizationId: value };
    case 'SITE':
      return { kind: 'SITE', siteId: value };
    case 'TAG':
      return { kind: 'TAG', tag: value };
    default:
      return undefined;
  }
}

/** A form's field that holds a choice of place. */
export const scopeSchema = v.pipe(
  v.string(),
  v.check(choice => scopeOfChoice(choice) !== undefined, 'Choose where it holds.'),
  v.transform(choice => scopeOfChoice(choice) ?? { kind: 'ALL' as const }),
);
