import { createHash } from 'node:crypto';
import type { IdentitySigner } from '@muster/kit/auth/identity';
import type { ServiceCall } from './service-link.ts';

/** Shorter than a token's 30 s, so that a cached one is good for at least ten more. */
const REUSE_MS = 20_000;
const MAX_ENTRIES = 5_000;

interface Entry {
  readonly token: Promise<string>;
  readonly until: number;
}

/** Signed identities for one service: a caller's token is made once in 20 s, because a signature costs more than a call. */
export class IdentityCache {
  readonly #signer: IdentitySigner;
  readonly #audience: string;
  readonly #entries = new Map<string, Entry>();

  constructor(signer: IdentitySigner, audience: string) {
    this.#signer = signer;
    this.#audience = audience;
  }

  tokenFor(call: ServiceCall): Promise<string> {
    const key = createHash('sha256')
      .update(JSON.stringify([call.viewer, call.remoteAddress]))
      .digest('base64');
    const known = this.#entries.get(key);
    if (known && known.until > Date.now()) return known.token;
    const token = this.#signer.sign(this.#audience, call);
    this.#entries.delete(key);
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? '');
    this.#entries.set(key, { token, until: Date.now() + REUSE_MS });
    return token;
  }
}
