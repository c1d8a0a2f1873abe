import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import { requireAt } from '../roles/authority.ts';
import type { Store } from '../store.ts';
import { Problems } from '../validation/problems.ts';
import { nameProblems } from '../validation/text.ts';
import { OrganizationRecord } from './organization.entity.ts';
import { SiteRecord } from './site.entity.ts';
import { isTimeZone } from './time-zone.ts';

/** A new site of an organization. */
export interface NewSite {
  readonly organizationId: string;
  readonly name: string;
  readonly timeZone: string;
}

/** The places of organizations. */
export class Sites {
  readonly #store: Store;
  readonly #now: () => Date;

  constructor(store: Store, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Those of the sites that the viewer may see, by id. */
  async findVisible(ids: readonly string[], viewer: Viewer): Promise<Map<string, SiteRecord>> {
    const found = await this.#store.as(viewer, 'organization:read').find(SiteRecord, { id: { $in: ids.filter(isId) } });
    return new Map(found.map(site => [site.id, site]));
  }

  /** The sites of each of the organizations, oldest first, as far as the viewer may see them. */
  async findByOrganizations(ids: readonly string[], viewer: Viewer): Promise<Map<string, SiteRecord[]>> {
    const found = await this.#store
      .as(viewer, 'organization:read')
      .find(SiteRecord, { organization: { $in: ids.filter(isId) } }, { orderBy: { createdAt: 'asc', id: 'asc' } });
    return Map.groupBy(found, site => site.organization);
  }

  /** Adds a site to an organization that the viewer may see. */
  async create(input: NewSite, context: RequestContext): Promise<SiteRecord> {
    validate(input);
    const { organizationId, timeZone } = input;
    const name = input.name.trim();
    const id = newId();
    const work = this.#store.as(context.viewer, 'site:write').transactional(async em => {
      if (!(await em.findOne(OrganizationRecord, organizationId)))
        throw new AppError('NOT_FOUND', 'There is no such organization.');
      requireAt(context.viewer, 'site:write', { organizationId });
      await em.insert(SiteRecord, { id, organization: organizationId, name, timeZone, createdAt: this.#now() });
      await audit(em, context, {
        action: 'site.created',
        organizationId,
        target: { type: 'Site', id },
        details: { name, timeZone },
      });
      return em.findOneOrFail(SiteRecord, id);
    });
    return work.catch(error => {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      throw new AppError('CONFLICT', 'The organization has a site of this name already.', { cause: error });
    });
  }
}

function validate({ organizationId, name, timeZone }: NewSite): void {
  const problems = new Problems();
  problems.add('input.organizationId', isId(organizationId) ? [] : ['is not an id']);
  problems.add('input.name', nameProblems(name));
  problems.add('input.timeZone', isTimeZone(timeZone) ? [] : ['is not an IANA time zone such as Europe/Berlin']);
  problems.throwIfAny();
}
