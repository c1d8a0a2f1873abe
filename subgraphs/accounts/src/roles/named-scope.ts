import type { EntityManager } from '@mikro-orm/postgresql';
import { AppError, badInput } from '@muster/kit/errors';
import { requireId } from '@muster/kit/ids';
import { OrganizationRecord } from '../organizations/organization.entity.ts';
import { SiteRecord } from '../organizations/site.entity.ts';
import { nameProblems } from '../validation/text.ts';
import type { GrantScope } from './grant-scope.ts';

/** A place as a caller names it. */
export interface NamedScope {
  readonly kind: GrantScope['kind'];
  readonly organizationId?: string | null;
  readonly siteId?: string | null;
  readonly tag?: string | null;
  readonly deviceId?: string | null;
}

const fieldOf = {
  ALL: undefined,
  ORGANIZATION: 'organizationId',
  SITE: 'siteId',
  TAG: 'tag',
  DEVICE: 'deviceId',
} as const;

/**
 * The place that is named, as far as the unit of work sees it. Organizations and sites have to exist; of devices and
 * tags other services know, so any may be named.
 */
export async function readScope(em: EntityManager, named: NamedScope, path: string): Promise<GrantScope> {
  const value = requiredValue(named, path);
  switch (named.kind) {
    case 'ALL':
      return { kind: 'ALL' };
    case 'ORGANIZATION': {
      const found = await em.findOne(OrganizationRecord, requireId(`${path}.organizationId`, value));
      if (!found) throw new AppError('NOT_FOUND', 'There is no such organization.');
      return { kind: 'ORGANIZATION', organizationId: found.id };
    }
    case 'SITE': {
      const found = await em.findOne(SiteRecord, requireId(`${path}.siteId`, value));
      if (!found) throw new AppError('NOT_FOUND', 'There is no such site.');
      return { kind: 'SITE', siteId: found.id, organizationId: found.organization };
    }
    case 'TAG':
      return { kind: 'TAG', tag: requireTag(value, path) };
    case 'DEVICE':
      return { kind: 'DEVICE', deviceId: requireId(`${path}.deviceId`, value) };
  }
}

/** The places that are named, in their order. */
export async function readScopes(em: EntityManager, named: readonly NamedScope[]): Promise<GrantScope[]> {
  if (named.length === 0) throw badInput('input.scopes', 'is empty');
  if (named.length > MAX_SCOPES) throw badInput('input.scopes', `holds more than ${MAX_SCOPES} scopes`);
  const scopes: GrantScope[] = [];
  for (const [index, one] of named.entries()) scopes.push(await readScope(em, one, `input.scopes.${index}`));
  return scopes;
}

const MAX_SCOPES = 50;

/** The value of the kind's own field; a field of another kind would be silently without effect, so it is refused. */
function requiredValue(named: NamedScope, path: string): string {
  const own = fieldOf[named.kind];
  for (const field of ['organizationId', 'siteId', 'tag', 'deviceId'] as const)
    if (field !== own && named[field] != null)
      throw badInput(`${path}.${field}`, `means nothing for kind ${named.kind}`);
  if (!own) return '';
  const value = named[own];
  if (value == null) throw badInput(`${path}.${own}`, `is missing for kind ${named.kind}`);
  return value;
}

function requireTag(value: string, path: string): string {
  const [problem] = nameProblems(value);
  if (problem) throw badInput(`${path}.tag`, problem);
  return value.trim();
}
