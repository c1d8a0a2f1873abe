import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuditActor } from '@muster/kit/audit/append';
import { maySeeOrganization } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { newId, requireId } from '@muster/kit/ids';
import { hashToken, newToken } from '@muster/kit/tokens';
import { DeviceEntity, type DeviceRow } from '../devices/device.entity.ts';
import { nextRevision, scopeOf, toEvent } from '../devices/devices.ts';
import type { Events } from '../events.ts';
import { deviceIdOf, isSignedBy, parsePublicKey } from '../identity/device-key.ts';
import type { ServerKey } from '../identity/server-key.ts';
import { searchTextOf } from '../inventory/search-text.ts';
import type { CreateEnrollmentTokenInput, EnrollDeviceInput, EnrollDevicePayload } from './enrollment.ts';
import { EnrollmentTokenEntity, type EnrollmentTokenRow } from './enrollment-token.entity.ts';

const MAX_EXPIRY_SECONDS = 90 * 86_400;
const MAX_USES = 100_000;

/** What enrolment stands on. */
export interface EnrollmentParts {
  readonly database: Database;
  readonly events: Events;
  readonly serverKey: ServerKey;
}

/** The rules of joining the fleet: a token binds to a site, a key proves itself, and a retry finds its own record. */
export class Enrollments {
  readonly #database: Database;
  readonly #events: Events;
  readonly #serverKey: ServerKey;

  constructor({ database, events, serverKey }: EnrollmentParts) {
    this.#database = database;
    this.#events = events;
    this.#serverKey = serverKey;
  }

  /** Tokens of organizations that the viewer may see, newest first. */
  list({ viewer }: RequestContext): Promise<EnrollmentTokenRow[]> {
    return this.#database.fork().find(EnrollmentTokenEntity, scopeOf(viewer), { orderBy: { id: 'desc' }, limit: 500 });
  }

  /** A new token and its secret, which is not kept. */
  async createToken(
    context: RequestContext,
    input: CreateEnrollmentTokenInput,
  ): Promise<{ row: EnrollmentTokenRow; token: string }> {
    const seconds = within('input.expiresInSeconds', input.expiresInSeconds ?? 86_400, [60, MAX_EXPIRY_SECONDS]);
    const maxUses = within('input.maxUses', input.maxUses ?? 1, [1, MAX_USES]);
    const organizationId = await this.#organizationOf(context, requireId('input.siteId', input.siteId));
    const token = newToken('muster_enroll');
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + seconds * 1000);
    const row = await this.#database.fork().transactional(async em => {
      const made = em.create(EnrollmentTokenEntity, {
        id: newId(),
        tokenHash: hashToken(token),
        organizationId,
        siteId: input.siteId,
        needsApproval: input.needsApproval ?? false,
        maxUses,
        uses: 0,
        createdAt,
        expiresAt,
      });
      await em.flush();
      await audit(em, context, {
        action: 'enrollmentToken.created',
        organizationId,
        target: { type: 'EnrollmentToken', id: made.id },
        details: { siteId: input.siteId, maxUses },
      });
      return made;
    });
    return { row, token };
  }

  /** Takes the device into the fleet, or finds it there: the same key never makes two records. */
  async enroll(context: RequestContext, input: EnrollDeviceInput): Promise<EnrollDevicePayload> {
    const publicKey = parsePublicKey(input.publicKey);
    if (!publicKey) throw badInput('input.publicKey', 'is not a raw Ed25519 key in base64url');
    const { hostname } = input.facts;
    if (hostname.length < 1 || hostname.length > 253) throw badInput('input.facts.hostname', 'has 1 to 253 characters');
    if (!isSignedBy(publicKey, `muster-enroll-v1|${input.token}|${input.publicKey}`, input.proof))
      throw badInput('input.proof', 'is not a signature by publicKey');
    const { device, isNew } = await this.#database
      .fork()
      .transactional(em => this.#admit(em, { context, input, publicKey }));
    if (isNew) this.#events.deviceChanged(toEvent(device, 'ENROLLED'));
    return { deviceId: device.id, status: device.status, serverKey: this.#serverKey.publicKey, serverTime: new Date() };
  }

  async #admit(
    em: EntityManager,
    wish: { context: RequestContext; input: EnrollDeviceInput; publicKey: Buffer },
  ): Promise<{ device: DeviceRow; isNew: boolean }> {
    const { context, input, publicKey } = wish;
    const token = await em.findOne(
      EnrollmentTokenEntity,
      { tokenHash: hashToken(input.token) },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!token) throw new AppError('UNAUTHENTICATED', 'The enrolment token is not known.');
    const known = await em.findOne(DeviceEntity, { publicKey });
    if (known?.status === 'REVOKED') throw new AppError('FORBIDDEN', 'This device is cut off.');
    if (known) return { device: known, isNew: false };
    if (token.expiresAt.getTime() <= Date.now())
      throw new AppError('UNAUTHENTICATED', 'The enrolment token has expired.');
    if (token.uses >= token.maxUses) throw new AppError('UNAUTHENTICATED', 'The enrolment token is used up.');
    token.uses += 1;
    const device = em.create(DeviceEntity, { ...newDevice(input, token), publicKey, revision: await nextRevision(em) });
    await em.flush();
    const actor: AuditActor = {
      ...context,
      viewer: { ...context.viewer, kind: 'DEVICE', id: device.id, name: device.hostname },
    };
    await audit(em, actor, {
      action: 'device.enrolled',
      organizationId: device.organizationId,
      target: { type: 'Device', id: device.id },
      details: { tokenId: token.id },
    });
    return { device, isNew: true };
  }

  async #organizationOf({ viewer }: RequestContext, siteId: string): Promise<string> {
    const { rows } = await this.#database.pool.query<{ id: string | null }>(
      'select directory.organization_of_site($1::uuid) as id',
      [siteId],
    );
    const id = rows[0]?.id;
    if (!id || !maySeeOrganization(viewer, id)) throw new AppError('NOT_FOUND', 'There is no such site.');
    return id;
  }
}

function newDevice(
  { publicKey, facts }: EnrollDeviceInput,
  token: EnrollmentTokenRow,
): Omit<DeviceRow, 'publicKey' | 'revision'> {
  const now = new Date();
  return {
    id: deviceIdOf(Buffer.from(publicKey, 'base64url')),
    organizationId: token.organizationId,
    siteId: token.siteId,
    hostname: facts.hostname,
    displayName: null,
    osFamily: facts.osFamily,
    status: token.needsApproval ? 'PENDING' : 'OFFLINE',
    agentVersion: facts.agentVersion.slice(0, 64),
    protocol: facts.protocol,
    enrolledAt: now,
    lastSeenAt: now,
    connectedAt: null,
    bootedAt: null,
    inventoryAt: null,
    remoteAddress: null,
    searchText: searchTextOf(facts, new Map()),
  };
}

function within(path: string, value: number, [least, most]: readonly [number, number]): number {
  if (value < least || value > most) throw badInput(path, `is between ${least} and ${most}`);
  return value;
}
