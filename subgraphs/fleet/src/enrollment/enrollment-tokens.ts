import { LockMode } from '@mikro-orm/core';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { newId, requireId } from '@muster/kit/ids';
import { hashToken, newToken } from '@muster/kit/tokens';
import { scopeOf } from '../devices/device-conditions.ts';
import { organizationOfSite } from '../sites.ts';
import type { CreateEnrollmentTokenInput } from './enrollment.ts';
import { EnrollmentTokenEntity, type EnrollmentTokenRow } from './enrollment-token.entity.ts';

const MAX_EXPIRY_SECONDS = 90 * 86_400;
const MAX_USES = 100_000;
const MAX_SHOWN = 500;

/** The rules of tokens that let devices enrol: bound to a site, expiring, counted, withdrawn at will; the secret is not kept. */
export class EnrollmentTokens {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Tokens of organizations that the viewer may see, newest first. */
  list({ viewer }: RequestContext): Promise<EnrollmentTokenRow[]> {
    const newestFirst = { orderBy: { id: 'desc' }, limit: MAX_SHOWN } as const;
    return this.#database.fork().find(EnrollmentTokenEntity, scopeOf(viewer), newestFirst);
  }

  /** A new token and its secret. */
  async create(
    context: RequestContext,
    input: CreateEnrollmentTokenInput,
  ): Promise<{ row: EnrollmentTokenRow; token: string }> {
    const seconds = within('input.expiresInSeconds', input.expiresInSeconds ?? 86_400, [60, MAX_EXPIRY_SECONDS]);
    const maxUses = within('input.maxUses', input.maxUses ?? 1, [1, MAX_USES]);
    const siteId = requireId('input.siteId', input.siteId);
    const organizationId = await organizationOfSite(this.#database, context.viewer, siteId);
    const token = newToken('muster_enroll');
    const createdAt = new Date();
    const row = await this.#database.fork().transactional(async em => {
      const made = em.create(EnrollmentTokenEntity, {
        id: newId(),
        tokenHash: hashToken(token),
        organizationId,
        siteId,
        needsApproval: input.needsApproval ?? false,
        allowsReEnrollment: input.allowsReEnrollment ?? true,
        maxUses,
        uses: 0,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + seconds * 1000),
        revokedAt: null,
      });
      await em.flush();
      await audit(em, context, { ...eventOf('enrollmentToken.created', made), details: { siteId, maxUses } });
      return made;
    });
    return { row, token };
  }

  /** Withdraws the token; one that is withdrawn already stays as it is. */
  async revoke(context: RequestContext, id: string): Promise<EnrollmentTokenRow> {
    const where = { $and: [{ id: requireId('input.enrollmentTokenId', id) }, scopeOf(context.viewer)] };
    return this.#database.fork().transactional(async em => {
      const token = await em.findOne(EnrollmentTokenEntity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!token) throw new AppError('NOT_FOUND', 'There is no such token.');
      token.revokedAt ??= new Date();
      await em.flush();
      await audit(em, context, eventOf('enrollmentToken.revoked', token));
      return token;
    });
  }
}

const eventOf = (action: string, { organizationId, id }: EnrollmentTokenRow) => ({
  action,
  organizationId,
  target: { type: 'EnrollmentToken', id },
});

function within(path: string, value: number, [least, most]: readonly [number, number]): number {
  if (value < least || value > most) throw badInput(path, `is between ${least} and ${most}`);
  return value;
}
