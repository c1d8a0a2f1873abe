import { isWithin, type Place } from '@muster/kit/auth/scope';
import type { Viewer } from '@muster/kit/auth/viewer';
import { AppError, badInput } from '@muster/kit/errors';
import { requireId } from '@muster/kit/ids';
import { SiteRecord } from '../organizations/site.entity.ts';
import type { Store } from '../store.ts';
import { UserRecord } from '../users/user.entity.ts';
import { requireAt, requireEverywhere } from './authority.ts';
import { permissionsOf } from './built-in-roles.ts';
import { GrantRecord, type LoadedGrant } from './grant.entity.ts';
import { fromColumns, toViewerScope } from './grant-scope.ts';
import { isPermission } from './permissions.ts';

/** What is asked: may this person do this there? */
export interface AccessQuestion {
  readonly userId: string;
  readonly permission: string;
  readonly organizationId?: string | null | undefined;
  readonly siteId?: string | null | undefined;
  readonly deviceId?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

/** The answer, and the grants that it follows from. */
export interface AccessAnswer {
  readonly isAllowed: boolean;
  readonly user: UserRecord;
  readonly grants: readonly LoadedGrant[];
}

/** Why somebody may do something somewhere: asked by who may see roles in that place, answered with every grant that counts there. */
export class ExplainAccess {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async run(question: AccessQuestion, viewer: Viewer): Promise<AccessAnswer> {
    const { permission } = question;
    if (!isPermission(permission)) throw badInput('permission', 'is no permission');
    const userId = requireId('userId', question.userId);
    // whose device or tag it is, accounts cannot check: only who may see every grant may ask about them
    if (question.deviceId != null || question.tags?.length) requireEverywhere(viewer, 'role:read');
    const place = await this.#placeOf(question, viewer);
    requireAt(viewer, 'role:read', place);
    if (!(await this.#store.as(viewer, 'role:read').findOne(UserRecord, userId)))
      throw new AppError('NOT_FOUND', 'There is no such person.');
    // a grant from outside of the asker's scope that reaches into it is part of the answer
    const em = this.#store.asService();
    const user = await em.findOneOrFail(UserRecord, userId);
    const all = await em.find(GrantRecord, { user: userId }, { populate: ['role'], orderBy: { createdAt: 'asc' } });
    const grants = all.filter(
      grant => permissionsOf(grant.role.$).includes(permission) && isWithin(toViewerScope(fromColumns(grant)), place),
    );
    return { isAllowed: user.status === 'ACTIVE' && grants.length > 0, user, grants };
  }

  /** A site tells its organization; where a device stands only fleet knows, so the asker says it. */
  async #placeOf({ organizationId, siteId, deviceId, tags }: AccessQuestion, viewer: Viewer): Promise<Place> {
    const given: Place = {
      organizationId: organizationId == null ? undefined : requireId('organizationId', organizationId),
      deviceId: deviceId == null ? undefined : requireId('deviceId', deviceId),
      tags: tags ?? [],
    };
    if (siteId == null) return given;
    const site = await this.#store.as(viewer, 'role:read').findOne(SiteRecord, requireId('siteId', siteId));
    if (!site) throw new AppError('NOT_FOUND', 'There is no such site.');
    if (given.organizationId !== undefined && given.organizationId !== site.organization)
      throw badInput('organizationId', 'is not the organization of the site');
    return { ...given, siteId: site.id, organizationId: site.organization };
  }
}
