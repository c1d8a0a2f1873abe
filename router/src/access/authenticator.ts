import { randomUUID } from 'node:crypto';
import { anonymousViewer, routerViewer, type Viewer } from '@muster/kit/auth/viewer';
import { AppError } from '@muster/kit/errors';
import type { GraphQLFormattedError } from 'graphql';
import { type ServiceLink, unavailable } from '../links/service-link.ts';

/** A caller whose credential a service has confirmed. */
export interface Caller {
  readonly viewer: Viewer;
  /** When the credential ends by itself; undefined for anonymous callers. */
  readonly expiresAt?: Date | undefined;
}

/** How a credential is asked for. */
export interface Inquiry {
  readonly remoteAddress?: string | undefined;
  /** Asks the service even where a recent answer is known; nobody calls then, so it keeps no session alive. */
  readonly isFresh?: boolean;
}

interface Known {
  readonly caller: Promise<Caller>;
  readonly until: number;
}

/** Nobody without a credential. */
export const anonymousCaller: Caller = { viewer: anonymousViewer };

/** Below the 5 s in which a revocation has to take effect. */
const REUSE_MS = 4_000;
const MAX_KNOWN = 5_000;
const LONGEST_CREDENTIAL = 4_096;
const DEVICE_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** How each of the two that issue credentials is asked. */
const QUESTIONS = {
  accounts: `query ($credential: String!, $isActivity: Boolean!) {
    answer: authentication(credential: $credential, isActivity: $isActivity) { viewer expiresAt }
  }`,
  fleet: `query ($credential: String!) { answer: deviceAuthentication(credential: $credential) { viewer expiresAt } }`,
} as const;

/** Tells who a credential belongs to by asking the service that issued it: fleet for devices, accounts for all others. */
export class Authenticator {
  readonly #services: ReadonlyMap<string, ServiceLink>;
  readonly #known = new Map<string, Known>();

  constructor(services: ReadonlyMap<string, ServiceLink>) {
    this.#services = services;
  }

  /** The caller behind the credential; throws UNAUTHENTICATED for one that is not valid, SERVICE_UNAVAILABLE where nobody can tell. */
  async identify(credential: string, inquiry: Inquiry = {}): Promise<Caller> {
    if (credential.length > LONGEST_CREDENTIAL) throw refused();
    // a device makes a token for each connection, so there is nothing to remember
    if (DEVICE_TOKEN.test(credential)) return this.#ask('fleet', { credential, ...inquiry });
    const known = this.#known.get(credential);
    if (known && !inquiry.isFresh && known.until > Date.now()) return known.caller;
    const caller = this.#ask('accounts', { credential, ...inquiry });
    this.#remember(credential, caller);
    return caller;
  }

  /** Drops what is remembered of a credential, so that the end of a session takes effect at once. */
  forget(credential: string): void {
    this.#known.delete(credential);
  }

  #remember(credential: string, caller: Promise<Caller>): void {
    this.#known.delete(credential);
    if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(credential, { caller, until: Date.now() + REUSE_MS });
    caller.catch((error: unknown) => {
      const isVerdict = error instanceof AppError && error.code === 'UNAUTHENTICATED';
      if (!isVerdict) this.#known.delete(credential);
    });
  }

  async #ask(service: keyof typeof QUESTIONS, inquiry: Inquiry & { credential: string }): Promise<Caller> {
    const { credential, remoteAddress, isFresh = false } = inquiry;
    const link = this.#services.get(service);
    if (!link) throw unavailable(service);
    const { result } = await link.execute(
      {
        query: QUESTIONS[service],
        variables: service === 'fleet' ? { credential } : { credential, isActivity: !isFresh },
      },
      { viewer: routerViewer, requestId: randomUUID(), remoteAddress },
    );
    if (result.errors) throw notTold(service, result.errors);
    const answer = result.data?.answer as { viewer: string; expiresAt: string } | null | undefined;
    if (!answer) throw refused();
    return { viewer: JSON.parse(answer.viewer) as Viewer, expiresAt: new Date(answer.expiresAt) };
  }
}

/** A service whose store is away cannot tell who calls; anything else that it answers with is a defect. */
function notTold(service: string, errors: readonly GraphQLFormattedError[]): AppError {
  if (errors[0]?.extensions?.code === 'SERVICE_UNAVAILABLE') return unavailable(service, errors);
  return new AppError('INTERNAL', 'Something went wrong inside Muster.', { cause: errors });
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', 'The credential is not valid (any more). Sign in again.');
}
