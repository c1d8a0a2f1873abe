import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import { hashToken, newToken } from '@muster/kit/tokens';
import { rightsOf } from '../roles/rights.ts';
import type { Store } from '../store.ts';
import { UserRecord } from '../users/user.entity.ts';
import type { ClientKind } from './client-kind.ts';
import { SessionRecord } from './session.entity.ts';
import { endOf, type SessionLimits } from './session-limits.ts';

/** A session that has just been opened; the token is nowhere else. */
export interface OpenedSession {
  readonly viewer: Viewer;
  readonly kind: ClientKind;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Whom a credential belongs to, and until when that answer may be used. */
export interface ResolvedCredential {
  readonly viewer: Viewer;
  readonly expiresAt: Date;
}

/** A session that somebody could still use. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly kind: ClientKind;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress: string | null;
}

/** What sessions are made with. */
export interface SessionsDeps {
  readonly store: Store;
  readonly limits: SessionLimits;
  readonly now: () => Date;
}

/** Seeing somebody is written down this often at most: it costs a write. */
const SEEN_INTERVAL_MS = 60_000;

/** Sessions of people: opened by signing in, resolved on calls, ended by signing out or by time. */
export class Sessions {
  readonly #deps: SessionsDeps;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /** Opens a session inside the caller's transaction. */
  async open(
    em: EntityManager,
    user: UserRecord,
    options: { kind: ClientKind; remoteAddress?: string | undefined },
  ): Promise<OpenedSession> {
    const { limits, now } = this.#deps;
    const { kind, remoteAddress } = options;
    const at = now();
    const seconds = kind === 'CLI' ? limits.cliSeconds : limits.browserSeconds;
    const expiresAt = new Date(at.getTime() + seconds * 1000);
    const token = newToken(`muster_${kind.toLowerCase()}`);
    const id = newId();
    await em.nativeDelete(SessionRecord, { user: user.id, expiresAt: { $lte: at } });
    await em.insert(SessionRecord, {
      id,
      user: user.id,
      tokenHash: hashToken(token),
      kind,
      createdAt: at,
      lastSeenAt: at,
      expiresAt,
      remoteAddress: remoteAddress ?? null,
    });
    await em.nativeUpdate(UserRecord, { id: user.id }, { lastSeenAt: at });
    return { viewer: await viewerOf(em, user, id), kind, token, expiresAt };
  }

  /** The viewer behind a token, or null for one that is unknown or over; only activity keeps a session alive. */
  async resolve(credential: string, isActivity = true): Promise<ResolvedCredential | null> {
    const { store, limits, now } = this.#deps;
    const em = store.asService();
    const session = await em.findOne(
      SessionRecord,
      { tokenHash: hashToken(credential) },
      { populate: ['user'], strategy: 'joined' },
    );
    const at = now();
    if (session?.user.$.status !== 'ACTIVE' || endOf(session, limits) <= at) return null;
    const lastSeenAt = isActivity ? await this.#see(em, session, at) : session.lastSeenAt;
    const viewer = await viewerOf(em, session.user.$, session.id);
    const { kind, expiresAt } = session;
    return { viewer, expiresAt: endOf({ kind, expiresAt, lastSeenAt }, limits) };
  }

  /** Ends the session that the call was made with; again harmless. */
  async close(context: RequestContext): Promise<void> {
    const { viewer } = context;
    const { sessionId } = viewer;
    if (viewer.kind !== 'USER' || !sessionId)
      throw new AppError('PRECONDITION_FAILED', 'This call was not made with a session.');
    await this.#deps.store.asService().transactional(async em => {
      await em.nativeDelete(SessionRecord, { id: sessionId, user: viewer.id });
      await audit(em, context, { action: 'session.closed', target: { type: 'Session', id: sessionId } });
    });
  }

  /** Live sessions of each of the people, newest first. */
  async findByUsers(ids: readonly string[]): Promise<Map<string, LiveSession[]>> {
    const { store, limits, now } = this.#deps;
    const found = await store
      .asService()
      .find(SessionRecord, { user: { $in: ids.filter(isId) } }, { orderBy: { lastSeenAt: 'desc', id: 'asc' } });
    const live = found.map(({ id, user, kind, createdAt, lastSeenAt, expiresAt, remoteAddress }) => ({
      id,
      userId: user.id,
      kind,
      createdAt,
      lastSeenAt,
      expiresAt: endOf({ kind, lastSeenAt, expiresAt }, limits),
      ipAddress: remoteAddress ?? null,
    }));
    return Map.groupBy(
      live.filter(session => session.expiresAt > now()),
      session => session.userId,
    );
  }

  async #see(em: EntityManager, session: SessionRecord, at: Date): Promise<Date> {
    const threshold = new Date(at.getTime() - SEEN_INTERVAL_MS);
    if (session.lastSeenAt > threshold) return session.lastSeenAt;
    await em.nativeUpdate(SessionRecord, { id: session.id, lastSeenAt: { $lte: threshold } }, { lastSeenAt: at });
    await em.nativeUpdate(UserRecord, { id: session.user.id }, { lastSeenAt: at });
    return at;
  }
}

async function viewerOf(em: EntityManager, user: UserRecord, sessionId: string): Promise<Viewer> {
  const rights = await rightsOf(em, user.id);
  return { kind: 'USER', id: user.id, name: user.name, ...rights, sessionId };
}
