import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AuditActor } from '@muster/kit/audit/append';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { hashToken } from '@muster/kit/tokens';
import { DeviceEntity, type DeviceRow } from '../devices/device.entity.ts';
import { nextRevision, toEvent } from '../devices/device-revision.ts';
import type { CommandChanged, Events } from '../events.ts';
import { isSignedBy, parsePublicKey } from '../identity/device-key.ts';
import { toFingerprint } from '../identity/fingerprint.ts';
import type { ServerKey } from '../identity/server-key.ts';
import type { EnrollDeviceInput, EnrollDevicePayload } from './enrollment.ts';
import { EnrollmentTokenEntity, type EnrollmentTokenRow } from './enrollment-token.entity.ts';
import { type Application, newDevice } from './new-device.ts';
import { findFormerSelf, takeOver } from './re-enrollment.ts';

/** What enrolment stands on. */
export interface EnrollmentParts {
  readonly database: Database;
  readonly events: Events;
  readonly serverKey: ServerKey;
}

interface Admission {
  readonly device: DeviceRow;
  readonly kind: 'KNOWN' | 'NEW' | 'RE_ENROLLED';
  readonly lost: readonly CommandChanged[];
}

/** The rules of joining the fleet: a token binds to a site, a key proves itself, a retry and a known machine find their own record. */
export class Enrollments {
  readonly #database: Database;
  readonly #events: Events;
  readonly #serverKey: ServerKey;

  constructor({ database, events, serverKey }: EnrollmentParts) {
    this.#database = database;
    this.#events = events;
    this.#serverKey = serverKey;
  }

  /** Takes the device into the fleet, or finds it there: the same key never makes two records. */
  async enroll(context: RequestContext, input: EnrollDeviceInput): Promise<EnrollDevicePayload> {
    const application = parseApplication(input);
    const { device, kind, lost } = await this.#database
      .fork()
      .transactional(em => this.#admit(em, context, application));
    if (kind !== 'KNOWN') this.#events.deviceChanged(toEvent(device, 'ENROLLED'));
    for (const command of lost) this.#events.commandChanged(command);
    return {
      deviceId: device.id,
      status: device.status,
      isReEnrolled: kind === 'RE_ENROLLED',
      serverKey: this.#serverKey.publicKey,
      serverTime: new Date(),
    };
  }

  async #admit(em: EntityManager, context: RequestContext, application: Application): Promise<Admission> {
    const { publicKey, input } = application;
    const token = await em.findOne(
      EnrollmentTokenEntity,
      { tokenHash: hashToken(input.token) },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!token) throw new AppError('UNAUTHENTICATED', 'The enrolment token is not known.');
    const known = await em.findOne(DeviceEntity, { publicKey });
    if (known?.status === 'REVOKED') throw new AppError('FORBIDDEN', 'This device is cut off.');
    if (known) return { device: known, kind: 'KNOWN', lost: [] };
    spend(token);
    const former = token.allowsReEnrollment ? await findFormerSelf(em, token, application) : undefined;
    const revision = await nextRevision(em);
    if (former) {
      const lost = await takeOver(em, former, { application, token, revision });
      await audit(em, asDevice(context, former), eventOf('device.reEnrolled', former, token));
      return { device: former, kind: 'RE_ENROLLED', lost };
    }
    const device = em.create(DeviceEntity, { ...(await newDevice(em, application, token)), revision });
    await em.flush();
    await audit(em, asDevice(context, device), eventOf('device.enrolled', device, token));
    return { device, kind: 'NEW', lost: [] };
  }
}

function parseApplication(input: EnrollDeviceInput): Application {
  const publicKey = parsePublicKey(input.publicKey);
  if (!publicKey) throw badInput('input.publicKey', 'is not a raw Ed25519 key in base64url');
  const { hostname } = input.facts;
  if (hostname.length < 1 || hostname.length > 253) throw badInput('input.facts.hostname', 'has 1 to 253 characters');
  if (hostname.includes('\0')) throw badInput('input.facts.hostname', 'holds a NUL character');
  if (!isSignedBy(publicKey, `muster-enroll-v1|${input.token}|${input.publicKey}`, input.proof))
    throw badInput('input.proof', 'is not a signature by publicKey');
  return { input, publicKey, fingerprint: toFingerprint(input.facts) };
}

function spend(token: EnrollmentTokenRow): void {
  if (token.revokedAt) throw new AppError('UNAUTHENTICATED', 'The enrolment token was withdrawn.');
  if (token.expiresAt.getTime() <= Date.now())
    throw new AppError('UNAUTHENTICATED', 'The enrolment token has expired.');
  if (token.uses >= token.maxUses) throw new AppError('UNAUTHENTICATED', 'The enrolment token is used up.');
  token.uses += 1;
}

function asDevice(context: RequestContext, { id, hostname }: DeviceRow): AuditActor {
  return { ...context, viewer: { ...context.viewer, kind: 'DEVICE', id, name: hostname } };
}

const eventOf = (action: string, { organizationId, id }: DeviceRow, token: EnrollmentTokenRow) => ({
  action,
  organizationId,
  target: { type: 'Device', id },
  details: { tokenId: token.id },
});
