import { anonymousViewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import type { Store } from '../store.ts';
import { isEmail, normalizeEmail } from '../users/email.ts';
import type { Passwords } from '../users/passwords.ts';
import type { UserRecord } from '../users/user.entity.ts';
import type { Users } from '../users/users.ts';
import { addressKeys } from './address-keys.ts';
import type { ClientKind } from './client-kind.ts';
import type { OpenedSession, Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

/** What signing in is made of. */
export interface LogInDeps {
  readonly store: Store;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
}

/** What somebody presents. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly clientKind: ClientKind;
}

/** Nothing longer was ever accepted as a password, so nothing longer is worth hashing. */
const MAX_PASSWORD_LENGTH = 2000;

/** Signing in by e-mail and password: who guesses learns neither which e-mails exist nor gets many tries. */
export class LogIn {
  readonly #deps: LogInDeps;

  constructor(deps: LogInDeps) {
    this.#deps = deps;
  }

  async run(credentials: Credentials, context: RequestContext): Promise<OpenedSession> {
    const accountKey = `account ${normalizeEmail(credentials.email).slice(0, 254)}`;
    const { throttle } = this.#deps;
    const attempt = throttle.begin([accountKey, ...addressKeys(context)]);
    const user = await this.#check(credentials).catch(error => {
      attempt.release();
      throw error;
    });
    if (!user.isRight) attempt.fail();
    else attempt.release();
    if (!user.isRight) return this.#refuse(credentials, user.found, context);
    throttle.forget(accountKey);
    return this.#open(user.found, credentials.clientKind, context);
  }

  async #check({ email, password }: Credentials): Promise<Check> {
    const { users, passwords } = this.#deps;
    const found = await users.findByEmail(email);
    const isRight = await passwords.isRight(password.slice(0, MAX_PASSWORD_LENGTH), found?.passwordHash);
    return found?.status === 'ACTIVE' && isRight ? { isRight: true, found } : { isRight: false, found };
  }

  async #open(user: UserRecord, kind: ClientKind, context: RequestContext): Promise<OpenedSession> {
    const { store, sessions } = this.#deps;
    return store.asService().transactional(async em => {
      const session = await sessions.open(em, user, { kind, remoteAddress: context.remoteAddress });
      await audit(
        em,
        { ...context, viewer: session.viewer },
        { action: 'session.opened', target: { type: 'User', id: user.id }, details: { clientKind: kind } },
      );
      return session;
    });
  }

  async #refuse({ email }: Credentials, user: UserRecord | null, context: RequestContext): Promise<never> {
    // people type passwords into the wrong field: only what looks like an e-mail is written down
    const tried = isEmail(email) ? { email: normalizeEmail(email) } : {};
    await this.#deps.store.asService().transactional(em =>
      audit(
        em,
        { ...context, viewer: anonymousViewer },
        {
          action: 'session.refused',
          outcome: 'REFUSED',
          ...(user && { target: { type: 'User', id: user.id } }),
          details: { ...tried, reason: reasonOf(user) },
        },
      ),
    );
    throw new AppError('UNAUTHENTICATED', 'E-mail or password is wrong.');
  }
}

/** Written down for who reads the audit trail; whoever guesses hears the same words each time. */
function reasonOf(user: UserRecord | null): string {
  if (!user) return 'UNKNOWN_EMAIL';
  return user.status === 'ACTIVE' ? 'WRONG_PASSWORD' : user.status;
}

type Check =
  | { readonly isRight: true; readonly found: UserRecord }
  | { readonly isRight: false; readonly found: UserRecord | null };
