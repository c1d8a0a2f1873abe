import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { findAppError } from '@muster/kit/errors';
import { createHttpListener } from '@muster/kit/http-listener';
import type { Log } from '@muster/kit/log';
import type { Admission } from '../access/admission.ts';
import { type Authenticator, anonymousCaller, type Caller } from '../access/authenticator.ts';
import { type Credential, canKeepCookie, credentialOf } from '../access/credentials.ts';
import { setSessionCookie } from '../access/session-cookie.ts';
import type { TrustedProxies } from '../access/trusted-proxies.ts';
import type { RouterContext } from '../context.ts';
import type { ServiceLink } from '../links/service-link.ts';
import type { Operations } from '../operations.ts';
import { answerHealth } from './health.ts';

/** What the HTTP door stands on. */
export interface HttpDoorOptions {
  readonly operations: Operations;
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly proxies: TrustedProxies;
  readonly services: ReadonlyMap<string, ServiceLink>;
  /** Serves the console's files; true where it took the request. */
  readonly console: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly log: Log;
}

/** Room for the largest script and its arguments; output of commands comes over sockets. */
const MAX_BODY_BYTES = 256 * 1024;

/** GraphQL over HTTP at /graphql, health at /healthz and /readyz, the console everywhere else. */
export function createHttpDoor(options: HttpDoorOptions): RequestListener {
  const { operations, authenticator, admission, proxies, services, log } = options;
  return createHttpListener<RouterContext>(operations, {
    maxBodyBytes: MAX_BODY_BYTES,
    context: async (request, response, body) => {
      const requestId = randomUUID();
      response.setHeader('x-request-id', requestId);
      const { remoteAddress, isTls } = proxies.originOf(request);
      const credential = credentialOf(request);
      const { viewer } = await identify({ authenticator, credential, remoteAddress, response });
      const refusal = admission.refusal({ viewer, remoteAddress }, queryOf(body));
      if (refusal) throw refusal;
      return {
        viewer,
        requestId,
        remoteAddress,
        credential: credential?.token,
        canKeepCookie: canKeepCookie(request, isTls),
        effects: {},
      };
    },
    decorate: ({ effects, canKeepCookie }, response) => {
      if (effects.session && canKeepCookie) setSessionCookie(response, effects.session);
    },
    route: async (request, response) =>
      (await answerHealth(services, request, response)) || options.console(request, response),
    onDefect: error => log.error({ err: error }, 'defect'),
  });
}

function queryOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
}

interface Inquiry {
  readonly authenticator: Authenticator;
  readonly credential: Credential | undefined;
  readonly remoteAddress: string | undefined;
  readonly response: ServerResponse;
}

/** A cookie that is refused is taken away with the refusal, so that the browser's next call is an anonymous one. */
async function identify({ authenticator, credential, remoteAddress, response }: Inquiry): Promise<Caller> {
  if (!credential) return anonymousCaller;
  try {
    return await authenticator.identify(credential.token, { remoteAddress });
  } catch (error) {
    if (credential.source === 'cookie' && findAppError(error)?.code === 'UNAUTHENTICATED')
      setSessionCookie(response, { kind: 'closed' });
    throw error;
  }
}
