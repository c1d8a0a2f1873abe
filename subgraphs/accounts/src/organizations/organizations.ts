import type { FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import {
  type Connection,
  decodeCursor,
  encodeCursor,
  type PageArguments,
  pageSize,
  toConnection,
} from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import type { Store } from '../store.ts';
import { Problems } from '../validation/problems.ts';
import { isStorable, nameProblems } from '../validation/text.ts';
import { OrganizationRecord } from './organization.entity.ts';
import { SiteRecord } from './site.entity.ts';
import { freeSlug, slugOf } from './slug.ts';

/** A new organization and the first of its sites. */
export interface NewOrganization {
  readonly name: string;
  readonly siteName: string;
}

const MAX_SEARCH_LENGTH = 100;

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
    const found = await this.#store.as(viewer).find(OrganizationRecord, { id: { $in: ids.filter(isId) } });
    return new Map(found.map(organization => [organization.id, organization]));
  }

  /** A page of what the viewer may see, ordered by name without regard to case. */
  async list(
    page: PageArguments & { readonly search?: string | null | undefined },
    viewer: Viewer,
  ): Promise<Connection<OrganizationRecord>> {
    const em = this.#store.as(viewer);
    const size = pageSize(page.first);
    const matching = matchesSearch(page.search);
    const [rows, totalCount] = await Promise.all([
      em.find(
        OrganizationRecord,
        { $and: [matching, comesAfter(page.after)] },
        { orderBy: { sortName: 'asc', id: 'asc' }, limit: size + 1 },
      ),
      this.#store.as(viewer).count(OrganizationRecord, matching),
    ]);
    const cursorOf = (row: OrganizationRecord): string => encodeCursor([row.sortName, row.id]);
    return toConnection(rows, size, { cursorOf, totalCount, isAfter: Boolean(page.after) });
  }

  /** Creates an organization; only who sees all of them may, for nobody else would see the new one. */
  async create(input: NewOrganization, context: RequestContext): Promise<OrganizationRecord> {
    const { viewer } = context;
    if (viewer.scope.kind !== 'ALL')
      throw new AppError('FORBIDDEN', 'Only who may see every organization may add one.');
    const problems = new Problems();
    problems.add('input.name', nameProblems(input.name));
    problems.add('input.siteName', nameProblems(input.siteName));
    problems.throwIfAny();
    return this.#store.as(viewer).transactional(async em => {
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
  const text = search?.trim() ?? '';
  if (text === '') return {};
  if (text.length > MAX_SEARCH_LENGTH) throw badInput('search', `is longer than ${MAX_SEARCH_LENGTH} characters`);
  if (!isStorable(text)) throw badInput('search', 'contains characters that no name has');
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return { $or: [{ name: { $ilike: pattern } }, { slug: { $ilike: pattern } }] };
}

function comesAfter(cursor: string | null | undefined): FilterQuery<OrganizationRecord> {
  if (!cursor) return {};
  const [sortName, id] = decodeCursor(cursor, 2);
  if (typeof sortName !== 'string' || typeof id !== 'string' || !isStorable(sortName) || !isId(id))
    throw badInput('after', 'is not a cursor of this list');
  return { $or: [{ sortName: { $gt: sortName } }, { sortName, id: { $gt: id } }] };
}
