import { sharingKey } from '@muster/kit/auth/viewer';
import { findAppError } from '@muster/kit/errors';
import type { Log } from '@muster/kit/log';
import type { WebSocket } from 'ws';
import type { Authenticator, Caller } from '../access/authenticator.ts';

/** Who is behind a socket. */
export interface SocketSession {
  readonly socket: WebSocket;
  readonly caller: Caller;
  readonly credential?: string | undefined;
  readonly remoteAddress?: string | undefined;
}

/** What sessions of sockets are watched with. */
export interface SocketSessionsOptions {
  readonly authenticator: Authenticator;
  readonly checkMs: number;
  readonly log: Log;
}

/** Refused, but worth another try with a fresh credential: graphql-ws clients do so by themselves. */
export const CLOSE_FORBIDDEN = 4403;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Closes sockets whose caller may no longer call: expired, signed out, or with other rights than at the start. */
export class SocketSessions implements Disposable {
  readonly #options: SocketSessionsOptions;
  readonly #timers = new Map<SocketSession, NodeJS.Timeout | undefined>();
  readonly #interval: NodeJS.Timeout;

  constructor(options: SocketSessionsOptions) {
    this.#options = options;
    this.#interval = setInterval(() => void this.check(), options.checkMs);
  }

  add(session: SocketSession): void {
    this.#expireAt(session, session.caller.expiresAt);
    session.socket.once('close', () => {
      clearTimeout(this.#timers.get(session));
      this.#timers.delete(session);
    });
  }

  /** Asks again for every person and key behind a socket, or for one credential; once for all sockets of a credential. */
  async check(credential?: string): Promise<void> {
    const sessions = [...this.#timers.keys()].filter(session => mayBeRevoked(session, credential));
    const byCredential = Map.groupBy(sessions, session => session.credential ?? '');
    await Promise.all([...byCredential].map(([token, sharing]) => this.#checkOne(token, sharing)));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#interval);
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #checkOne(credential: string, sessions: readonly SocketSession[]): Promise<void> {
    const remoteAddress = sessions[0]?.remoteAddress;
    try {
      const now = await this.#options.authenticator.identify(credential, { remoteAddress, isFresh: true });
      for (const session of sessions) {
        if (sharingKey(now.viewer) === sharingKey(session.caller.viewer)) this.#expireAt(session, now.expiresAt);
        else session.socket.close(CLOSE_FORBIDDEN, 'Rights have changed');
      }
    } catch (error) {
      // a service that is away says nothing about a session
      if (findAppError(error)?.code === 'UNAUTHENTICATED')
        for (const { socket } of sessions) socket.close(CLOSE_FORBIDDEN, 'Session has ended');
      else this.#options.log.debug({ err: error }, 'sessions not checked');
    }
  }

  #expireAt(session: SocketSession, expiresAt: Date | undefined): void {
    clearTimeout(this.#timers.get(session));
    if (!expiresAt) return void this.#timers.set(session, undefined);
    const ms = Math.min(Math.max(0, expiresAt.getTime() - Date.now()), LONGEST_TIMER_MS);
    this.#timers.set(
      session,
      setTimeout(() => session.socket.close(CLOSE_FORBIDDEN, 'Credential has expired'), ms),
    );
  }
}

/** Devices are cut by fleet, which owns their sockets' presence; asking for each would cost a call per device. */
function mayBeRevoked({ caller, credential }: SocketSession, only: string | undefined): boolean {
  const isAsked = only === undefined ? caller.viewer.kind !== 'DEVICE' : credential === only;
  return credential !== undefined && isAsked;
}
