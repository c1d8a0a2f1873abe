import type { IncomingMessage } from 'node:http';
import { AppError } from '@muster/kit/errors';
import { SESSION_COOKIE } from './session-cookie.ts';

/** What a request brings to say who calls, and where it was found. */
export interface Credential {
  readonly token: string;
  readonly source: 'bearer' | 'cookie';
}

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The credential of a request: a bearer token before a cookie; throws FORBIDDEN for a cookie that another site sends. */
export function credentialOf(request: IncomingMessage): Credential | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) return { token: bearer, source: 'bearer' };
  if (request.headers.authorization)
    throw new AppError('UNAUTHENTICATED', 'The Authorization header is not a bearer token.');
  const cookie = cookieOf(request.headers.cookie);
  if (!cookie) return undefined;
  if (!isSameOrigin(request)) throw new AppError('FORBIDDEN', 'Another site may not use this browser’s session.');
  return { token: cookie, source: 'cookie' };
}

/**
 * Whether a browser keeps a Secure cookie that answers this request: over TLS, also one that a proxy ends, which the
 * browser itself tells by the origin of its page; and on the machine itself.
 */
export function canKeepCookie({ headers }: IncomingMessage, isTls: boolean): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const isSecurePage = headers.origin === `https://${headers.host}`;
  return isTls || isSecurePage || LOCAL_HOSTS.has(host) || host.endsWith('.localhost');
}

/** True where no Origin is sent (no browser) or it is the host that is called. */
function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function cookieOf(header: string | undefined): string | undefined {
  const own = header?.split(/; */).find(pair => pair.startsWith(`${SESSION_COOKIE}=`));
  return own?.slice(SESSION_COOKIE.length + 1) || undefined;
}
