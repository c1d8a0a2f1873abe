import type { ClientKind } from './client-kind.ts';

/** How long sessions last. */
export interface SessionLimits {
  /** A browser session ends after this long without a call. */
  readonly browserIdleSeconds: number;
  /** A browser session ends after this long whatever happens. */
  readonly browserSeconds: number;
  /** A CLI session ends after this long. */
  readonly cliSeconds: number;
}

/** Half an hour idle and half a day in all for browsers, thirty days for scripts. */
export const defaultSessionLimits: SessionLimits = {
  browserIdleSeconds: 30 * 60,
  browserSeconds: 12 * 3600,
  cliSeconds: 30 * 24 * 3600,
};

/** When a session ends that nobody uses again. */
export function endOf(
  session: { readonly kind: ClientKind; readonly lastSeenAt: Date; readonly expiresAt: Date },
  limits: SessionLimits,
): Date {
  if (session.kind === 'CLI') return session.expiresAt;
  const idleEnd = session.lastSeenAt.getTime() + limits.browserIdleSeconds * 1000;
  return new Date(Math.min(idleEnd, session.expiresAt.getTime()));
}
