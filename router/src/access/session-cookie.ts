import type { ServerResponse } from 'node:http';
import type { SessionEffect } from '@muster/kit/context';

/** Name of the browser's session cookie: the prefix makes browsers demand Secure, this host and the root path. */
export const SESSION_COOKIE = '__Host-muster';

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** Hands a new session to the browser, or takes the old one away. */
export function setSessionCookie(response: ServerResponse, effect: SessionEffect): void {
  response.setHeader('set-cookie', cookieFor(effect));
}

function cookieFor(effect: SessionEffect): string {
  if (effect.kind === 'closed') return `${SESSION_COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;
  return `${SESSION_COOKIE}=${effect.token}; Expires=${new Date(effect.expiresAt).toUTCString()}; ${ATTRIBUTES}`;
}
