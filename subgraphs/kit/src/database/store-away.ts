/**
 * Errors of sockets, of names and of PostgreSQL that say: the store does not answer now, the request itself is fine. A
 * stopped container takes its name with it.
 */
const AWAY = /^(EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|08\w{3}|57P0[123]|53\w{3})$/;
const AWAY_TEXT = /timeout exceeded when trying to connect|Connection terminated/;
const MAX_DEPTH = 5;

/** True where the error, or what caused it, is that the database is away. */
export function isStoreAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return false;
  const { code, originalError } = error as { code?: unknown; originalError?: unknown };
  if (typeof code === 'string' && AWAY.test(code)) return true;
  return AWAY_TEXT.test(error.message) || isStoreAway(error.cause ?? originalError, depth + 1);
}
