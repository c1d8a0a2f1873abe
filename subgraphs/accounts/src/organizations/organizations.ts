import type { FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import { type Connection, type PageArguments, pageSize, toConnection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { isId, newId } from '@muster/kit/ids';
import { requireEverywhere } from '../roles/authority.ts';
import type { Store } from '../store.ts';
import { comesAfterName, nameCursorOf, patternOf } from '../validation/named-list.ts';
import { Problems } from '../validation/problems.ts';
import { nameProblems } from '../validation/text.ts';
import { OrganizationRecord } from './organization.entity.ts';
import { SiteRecord } from './site.entity.ts';
import { freeSlug, slugOf } from './slug.ts';

/** A new organization and the first of its sites. */
export interface NewOrganization {
  readonly name: string;
  readonly siteName: string;
}

/** The tenants. */
export class Organizations {
  readonly #store: Store;
  readonly #now: () => Date;

  constructor(store: Store, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Those of the organizations that the viewer may see, by id. */
  async findVisible(ids: readonly string[], viewer: Viewer): Promise<Map<string, OrganizationRecord>> {
    const found = await this.#store
      .as(viewer, 'organization:read')
      .find(OrganizationRecord, { id: { $in: ids.filter(isId) } });
    return new Map(found.map(organization => [organization.id, organization]));
  }

  /** A page of what the viewer may see, ordered by name without regard to case. */
  async list(
    page: PageArguments & { readonly search?: string | null | undefined },
    viewer: Viewer,
  ): Promise<Connection<OrganizationRecord>> {
    const em = this.#store.as(viewer, 'organization:read');
    const size = pageSize(page.first);
    const matching = matchesSearch(page.search);
    const [rows, totalCount] = await Promise.all([
      em.find(
        OrganizationRecord,
        { $and: [matching, comesAfterName(page.after)] },
        { orderBy: { sortName: 'asc', id: 'asc' }, limit: size + 1 },
      ),
      this.#store.as(viewer, 'organization:read').count(OrganizationRecord, matching),
    ]);
    return toConnection(rows, size, { cursorOf: nameCursorOf, totalCount, isAfter: Boolean(page.after) });
  }

  /** Creates an organization; only who sees all of them may, for nobody else would see the new one. */
  async create(input: NewOrganization, context: RequestContext): Promise<OrganizationRecord> {
    const { viewer } = context;
    requireEverywhere(viewer, 'organization:write');
    const problems = new Problems();
    problems.add('input.name', nameProblems(input.name));
    problems.add('input.siteName', nameProblems(input.siteName));
    problems.throwIfAny();
    return this.#store.as(viewer, 'organization:write').transactional(async em => {
      const organization = await this.add(em, input);
      await audit(em, context, {
        action: 'organization.created',
        organizationId: organization.id,
        target: { type: 'Organization', id: organization.id },
        details: { name: organization.name, siteName: input.siteName.trim() },
      });
      return organization;
    });
  }

  /** Adds organization and first site inside the caller's transaction, which has to see all organizations. */
  async add(em: EntityManager, input: NewOrganization): Promise<OrganizationRecord> {
    const createdAt = this.#now();
    const name = input.name.trim();
    const id = newId();
    await em.insert(OrganizationRecord, { id, name, slug: await nextSlug(em, name), createdAt });
    await em.insert(SiteRecord, {
      id: newId(),
      organization: id,
      name: input.siteName.trim(),
      timeZone: 'UTC',
      createdAt,
    });
    return em.findOneOrFail(OrganizationRecord, id);
  }
}

/** A slug that no organization has; two transactions that look for one do so one after the other. */
async function nextSlug(em: EntityManager, name: string): Promise<string> {
  await em.execute("select pg_advisory_xact_lock(hashtext('accounts.organization.slug'))");
  const slug = slugOf(name);
  const similar = await em.find(OrganizationRecord, { slug: { $like: `${slug}%` } }, { fields: ['slug'] });
  return freeSlug(slug, new Set(similar.map(organization => organization.slug)));
}

function matchesSearch(search: string | null | undefined): FilterQuery<OrganizationRecord> {
  const pattern = patternOf(search);
  return pattern ? { $or: [{ name: { $ilike: pattern } }, { slug: { $ilike: pattern } }] } : {};
}
