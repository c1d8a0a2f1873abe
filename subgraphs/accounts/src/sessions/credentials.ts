import type { ApiKeys } from '../api-keys/api-keys.ts';
import type { ResolvedCredential, Sessions } from './sessions.ts';

const MAX_LENGTH = 200;

/** Whom anything that a caller presents belongs to. */
export class Credentials {
  readonly #sessions: Sessions;
  readonly #apiKeys: ApiKeys;

  constructor(sessions: Sessions, apiKeys: ApiKeys) {
    this.#sessions = sessions;
    this.#apiKeys = apiKeys;
  }

  /** The viewer behind a session's token or an API key, or null; without activity nothing is noted as a sign of life. */
  async resolve(credential: string, isActivity: boolean): Promise<ResolvedCredential | null> {
    if (credential.length > MAX_LENGTH) return null;
    if (this.#apiKeys.isKey(credential)) return this.#apiKeys.resolve(credential, isActivity);
    return this.#sessions.resolve(credential, isActivity);
  }
}
