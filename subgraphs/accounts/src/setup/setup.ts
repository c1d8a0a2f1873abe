import { timingSafeEqual } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { newId } from '@muster/kit/ids';
import type { Log } from '@muster/kit/log';
import { hashToken, newToken } from '@muster/kit/tokens';
import type { Organizations } from '../organizations/organizations.ts';
import { OWNER } from '../roles/built-in-roles.ts';
import { addGrant } from '../roles/grants.ts';
import { RoleRecord } from '../roles/role.entity.ts';
import type { ClientKind } from '../sessions/client-kind.ts';
import type { OpenedSession, Sessions } from '../sessions/sessions.ts';
import type { Store } from '../store.ts';
import { emailProblems, normalizeEmail } from '../users/email.ts';
import { passwordProblems } from '../users/password-policy.ts';
import type { Passwords } from '../users/passwords.ts';
import { UserRecord } from '../users/user.entity.ts';
import { Problems } from '../validation/problems.ts';
import { nameProblems } from '../validation/text.ts';
import { SETUP_ID, SetupRecord } from './setup.entity.ts';

/** What the set-up is made of. */
export interface SetupDeps {
  readonly store: Store;
  readonly organizations: Organizations;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly log: Log;
  readonly now: () => Date;
}

/** Who becomes the first administrator, and of what. */
export interface FirstAdministrator {
  readonly secret: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly organizationName: string;
  readonly clientKind: ClientKind;
}

/** The one-time way to the first administrator: open while there is no user, closed for ever afterwards. */
export class Setup {
  readonly #deps: SetupDeps;
  #secret: string | undefined;

  private constructor(deps: SetupDeps, secret: string | undefined) {
    this.#deps = deps;
    this.#secret = secret;
  }

  /** Makes the secret of this start the only valid one; does nothing once the set-up is complete. */
  static async open(deps: SetupDeps, given?: string): Promise<Setup> {
    const secret = given ?? newToken('muster_setup');
    const isOpen = await deps.store.asService().transactional(async em => {
      const row = await lockRow(em);
      if (await isClosed(em, row)) return false;
      row.secretHash = hashToken(secret);
      return true;
    });
    return new Setup(deps, isOpen ? secret : undefined);
  }

  /** The secret that completes the set-up; undefined once it is complete. */
  get secret(): string | undefined {
    return this.#secret;
  }

  async isComplete(): Promise<boolean> {
    const em = this.#deps.store.asService();
    return isClosed(em, await em.findOneOrFail(SetupRecord, SETUP_ID));
  }

  /** Creates user, organization and session in one transaction, or refuses and changes nothing. */
  async complete(input: FirstAdministrator, context: RequestContext): Promise<OpenedSession> {
    const { store, passwords } = this.#deps;
    const em = store.asService();
    await this.#refuseUnlessOpen(em, await em.findOneOrFail(SetupRecord, SETUP_ID), { input, context });
    validate(input);
    const passwordHash = await passwords.hash(input.password);
    const session = await em.fork().transactional(async inner => {
      const row = await lockRow(inner);
      // asked again: somebody else may have been faster, or another server may have started
      await this.#refuseUnlessOpen(inner, row, { input, context });
      row.completedAt = this.#deps.now();
      row.secretHash = null;
      return this.#create(inner, { input, passwordHash, context });
    });
    this.#secret = undefined;
    return session;
  }

  async #create(
    em: EntityManager,
    made: { input: FirstAdministrator; passwordHash: string; context: RequestContext },
  ): Promise<OpenedSession> {
    const { organizations, sessions, now } = this.#deps;
    const { input, passwordHash, context } = made;
    const createdAt = now();
    const user = em.create(UserRecord, {
      id: newId(),
      email: normalizeEmail(input.email),
      name: input.name.trim(),
      status: 'ACTIVE',
      passwordHash,
      createdAt,
    });
    await em.flush();
    const role = await em.findOneOrFail(RoleRecord, { key: OWNER });
    await addGrant(em, { userId: user.id, role, scope: { kind: 'ALL' }, at: createdAt });
    const organization = await organizations.add(em, { name: input.organizationName, siteName: 'Main' });
    const session = await sessions.open(em, user, { kind: input.clientKind, remoteAddress: context.remoteAddress });
    await audit(
      em,
      { ...context, viewer: session.viewer },
      {
        action: 'setup.completed',
        organizationId: organization.id,
        target: { type: 'User', id: user.id },
        details: { email: user.email, organizationName: organization.name, clientKind: input.clientKind },
      },
    );
    return session;
  }

  async #refuseUnlessOpen(
    em: EntityManager,
    row: SetupRecord,
    call: { input: FirstAdministrator; context: RequestContext },
  ): Promise<void> {
    if (await isClosed(em, row)) throw new AppError('PRECONDITION_FAILED', 'The set-up is complete. Sign in instead.');
    if (isSecret(call.input.secret, row.secretHash)) return;
    const { remoteAddress, requestId } = call.context;
    this.#deps.log.warn({ remoteAddress, requestId }, 'set-up refused: wrong secret');
    throw new AppError('FORBIDDEN', 'The set-up link is not valid. The newest one is printed when the server starts.');
  }
}

function validate(input: FirstAdministrator): void {
  const problems = new Problems();
  problems.add('input.email', emailProblems(input.email));
  problems.add('input.name', nameProblems(input.name));
  problems.add('input.password', passwordProblems(input.password, input.email));
  problems.add('input.organizationName', nameProblems(input.organizationName));
  problems.throwIfAny();
}

function lockRow(em: EntityManager): Promise<SetupRecord> {
  return em.findOneOrFail(SetupRecord, SETUP_ID, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Closed by its own mark, and by any user at all: a lost mark must not open the door again. */
async function isClosed(em: EntityManager, row: SetupRecord): Promise<boolean> {
  return row.completedAt != null || (await em.count(UserRecord)) > 0;
}

function isSecret(given: string, secretHash: Uint8Array | null | undefined): boolean {
  return secretHash != null && timingSafeEqual(hashToken(given), secretHash);
}
