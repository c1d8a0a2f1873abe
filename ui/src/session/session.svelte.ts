import { fetchOnce, mutate, onUnauthenticated, resetGraphClient } from '#graph/client.ts';
import type { Problem } from '#graph/errors.ts';
import type { ResultOf } from '#graph/graphql.ts';
import { live } from '#graph/live.ts';
import { logOutMutation, openingQuery } from './session-operations.ts';

type Opening = ResultOf<typeof openingQuery>;

/** The person who is signed in. */
export type Person = NonNullable<Opening['viewer']['user']>;

/** Where the person at the browser stands. */
export type SessionState = 'unknown' | 'unreachable' | 'anonymous' | 'signed-in';

/** The session of this browser: the cookie is the server's, what it stands for is here. */
class Session {
  state = $state<SessionState>('unknown');
  isSetUp = $state(true);
  person = $state.raw<Person>();
  problem = $state.raw<Problem>();
  /** True when the session ended under the person's hands. */
  isExpired = $state(false);
  #permissions = $state.raw<ReadonlySet<string>>(new Set());

  constructor() {
    onUnauthenticated(() => void this.#verify());
  }

  /** True when the person has the permission (`noun:verb`); the server decides again at every call. */
  may(permission: string | undefined): boolean {
    return permission === undefined || this.#permissions.has(permission);
  }

  /** Everything that the person may do somewhere. */
  get permissions(): ReadonlySet<string> {
    return this.#permissions;
  }

  /** Asks the server who we are. */
  async load(): Promise<void> {
    const outcome = await fetchOnce(openingQuery, {});
    if (outcome.problem) {
      this.problem = outcome.problem;
      this.state = 'unreachable';
      return;
    }
    this.problem = undefined;
    this.#take(outcome.data);
  }

  /** Starts over after a sign-in: nothing that was asked for before may be shown. */
  async begin(): Promise<void> {
    live.stop();
    resetGraphClient();
    this.isExpired = false;
    await this.load();
  }

  /** Signs out here; the session is over even if the server does not answer, as far as this page goes. */
  async end(): Promise<void> {
    await mutate(logOutMutation, {});
    this.#leave();
  }

  #take({ viewer, setup }: Opening): void {
    this.isSetUp = setup.isComplete;
    if (viewer.kind !== 'USER' || !viewer.user) {
      this.#leave();
      return;
    }
    this.person = viewer.user;
    this.#permissions = new Set(viewer.permissions);
    this.state = 'signed-in';
    live.start();
  }

  #leave(): void {
    live.stop();
    resetGraphClient();
    this.person = undefined;
    this.#permissions = new Set();
    this.state = 'anonymous';
  }

  // One refused call does not prove that the session is gone: a restarting server may refuse for a moment.
  async #verify(): Promise<void> {
    if (this.state !== 'signed-in') return;
    const outcome = await fetchOnce(openingQuery, {});
    if (this.state !== 'signed-in' || !outcome.data || outcome.data.viewer.kind === 'USER') return;
    this.isExpired = true;
    this.#leave();
  }
}

/** The one session of this page. */
export const session = new Session();
