import type { RequestContext } from '@muster/kit/context';
import type { LogInAnswer } from './log-in.payload.ts';
import type { OpenedSession } from './sessions.ts';

/** Gives a browser its cookie through the router and a script its token in the answer; never both. */
export function handOver(session: OpenedSession, context: RequestContext): LogInAnswer {
  const { viewer, kind, token, expiresAt } = session;
  if (kind === 'CLI') return { viewer, token };
  context.effects.session = { kind: 'opened', token, expiresAt: expiresAt.toISOString() };
  return { viewer, token: null };
}
