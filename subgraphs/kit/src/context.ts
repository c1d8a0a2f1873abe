import { randomUUID } from 'node:crypto';
import type { Identity } from './auth/identity.ts';
import { anonymousViewer } from './auth/viewer.ts';

/** A session that the router has to hand to, or take from, a browser with this answer. */
export type SessionEffect =
  | { readonly kind: 'opened'; readonly token: string; readonly expiresAt: string }
  | { readonly kind: 'closed' };

/** Things a resolver asks of the answer beside its data. */
export interface ResponseEffects {
  session?: SessionEffect;
}

/** What every resolver gets: the verified caller, the call's facts, and a place for effects. */
export interface RequestContext extends Identity {
  readonly effects: ResponseEffects;
}

/** A context for the identity; without one, for an anonymous caller. */
export function createContext(identity: Partial<Identity> = {}): RequestContext {
  return { viewer: anonymousViewer, requestId: randomUUID(), ...identity, effects: {} };
}
