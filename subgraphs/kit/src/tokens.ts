import { createHash, randomBytes } from 'node:crypto';

/** A new secret of 256 bits behind a prefix that says what it is and lets scanners find leaked ones. */
export function newToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token: it cannot be turned back. Tokens are random, so no salt or slow hash is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
