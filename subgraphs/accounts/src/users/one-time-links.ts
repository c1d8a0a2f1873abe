import type { Loaded } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AppError } from '@muster/kit/errors';
import { newId } from '@muster/kit/ids';
import type { Log } from '@muster/kit/log';
import { hashToken, newToken } from '@muster/kit/tokens';
import type { Mail, Mailer } from '../mailer.ts';
import type { UserRecord } from './user.entity.ts';
import { UserTokenRecord } from './user-token.entity.ts';

/** What a link lets its bearer do. */
export type LinkPurpose = 'INVITATION' | 'PASSWORD_RESET';

/** A link that works once, for one person, until it expires. */
export interface OneTimeLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** What links are made with. */
export interface OneTimeLinksDeps {
  /** Where people reach the console. */
  readonly publicUrl: string;
  readonly mailer?: Mailer | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

const HOUR_MS = 3_600_000;
const kinds = {
  INVITATION: { page: 'invitation', prefix: 'muster_invite', lifetimeMs: 7 * 24 * HOUR_MS, isFor: 'INVITED' },
  PASSWORD_RESET: { page: 'reset-password', prefix: 'muster_reset', lifetimeMs: HOUR_MS, isFor: 'ACTIVE' },
} as const;
const MAX_TOKEN_LENGTH = 200;

/** Links that stand for a person who cannot sign in: the token is in the fragment, so no server on the way logs it. */
export class OneTimeLinks {
  readonly #deps: OneTimeLinksDeps;

  constructor(deps: OneTimeLinksDeps) {
    this.#deps = deps;
  }

  /** True where mail can be sent; otherwise links have to be handed over by hand. */
  get canMail(): boolean {
    return this.#deps.mailer !== undefined;
  }

  /** Makes a link inside the caller's transaction; older ones of the same purpose stop working. */
  async make(em: EntityManager, user: UserRecord, purpose: LinkPurpose): Promise<OneTimeLink> {
    const { page, prefix, lifetimeMs } = kinds[purpose];
    const createdAt = this.#deps.now();
    const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
    const token = newToken(prefix);
    await em.nativeDelete(UserTokenRecord, { user: user.id, purpose });
    const tokenHash = hashToken(token);
    await em.insert(UserTokenRecord, { id: newId(), user: user.id, purpose, tokenHash, createdAt, expiresAt });
    return { url: `${new URL(`/${page}`, this.#deps.publicUrl)}#token=${token}`, expiresAt };
  }

  /** Whose link it is, or refuses what is unknown, used, over, or of somebody whom it does not fit any more. */
  async bearerOf(em: EntityManager, token: string, purpose: LinkPurpose): Promise<UserRecord> {
    return (await this.#find(em, token, purpose)).user.$;
  }

  /** Uses a link up inside the caller's transaction and answers whose it is; of two who try at once one is refused. */
  async redeem(em: EntityManager, token: string, purpose: LinkPurpose): Promise<UserRecord> {
    const { id, user } = await this.#find(em, token, purpose);
    if ((await em.nativeDelete(UserTokenRecord, { id })) !== 1) throw refused();
    return user.$;
  }

  async #find(em: EntityManager, token: string, purpose: LinkPurpose): Promise<Loaded<UserTokenRecord, 'user'>> {
    if (token.length > MAX_TOKEN_LENGTH) throw refused();
    const found = await em.findOne(
      UserTokenRecord,
      { tokenHash: hashToken(token), purpose },
      { populate: ['user'], strategy: 'joined' },
    );
    const isGood = found?.user.$.status === kinds[purpose].isFor && found.expiresAt > this.#deps.now();
    if (!found || !isGood) throw refused();
    return found;
  }

  /** Mails; false where that is not possible, so that somebody has to be told in another way. */
  async mail(mail: Mail): Promise<boolean> {
    const { mailer, log } = this.#deps;
    if (!mailer) return false;
    try {
      await mailer.send(mail);
      return true;
    } catch (error) {
      log.warn({ err: error }, 'mail was not sent');
      return false;
    }
  }
}

function refused(): AppError {
  return new AppError('FORBIDDEN', 'The link is not valid any more. Ask for a new one.');
}
