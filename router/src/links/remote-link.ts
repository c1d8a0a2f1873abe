import { EventEmitter } from 'node:events';
import { IDENTITY_HEADER, type IdentitySigner, REQUEST_ID_HEADER } from '@muster/kit/auth/identity';
import type { SessionEffect } from '@muster/kit/context';
import { AppError } from '@muster/kit/errors';
import { SESSION_HEADER } from '@muster/kit/serve';
import type { FormattedExecutionResult } from 'graphql';
import { Pool } from 'undici';
import { IdentityCache } from './identity-cache.ts';
import { type ServiceAnswer, type ServiceLink, unavailable } from './service-link.ts';
import { UpstreamSocket } from './upstream-socket.ts';

/** Where a service listens and who signs the identity of the router's calls to it. */
export interface RemoteLinkOptions {
  readonly name: string;
  readonly url: string;
  readonly signer: IdentitySigner;
  /** A call that takes longer, to its last byte, is ended; 10 s when not given. */
  readonly timeoutMs?: number;
  /** A subscription whose service is away for longer is ended. */
  readonly retryForMs?: number;
  /** How often a socket to the service is probed; a frozen service is noticed after one and a half of it. */
  readonly pingMs?: number;
}

const CONNECTIONS = 64;
/** Shorter than a service keeps idle connections, so that none is written into while it closes. */
const IDLE_MS = 30_000;

/** A link to a service on the network: pooled HTTP for operations, one graphql-ws socket for all subscriptions. */
export function remoteLink(options: RemoteLinkOptions): ServiceLink {
  const { name, timeoutMs = 10_000 } = options;
  const url = new URL(options.url);
  const identities = new IdentityCache(options.signer, name);
  const pool = new Pool(url.origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: Math.min(timeoutMs, 3_000) },
  });
  const socket = new UpstreamSocket({ ...options, identities });
  const send = async (request: {
    path: string;
    method: 'GET' | 'POST';
    headers?: Record<string, string>;
    body?: string;
  }) => {
    // undici's own timeouts begin anew with each byte, which a sick service may send for ever; AbortSignal costs more
    const deadline = new EventEmitter();
    const timer = setTimeout(() => deadline.emit('abort'), timeoutMs);
    try {
      const response = await pool.request({ ...request, signal: deadline });
      return { response, text: await response.body.text() };
    } catch (cause) {
      throw unavailable(name, cause);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    name,
    execute: async (request, call) => {
      const headers = {
        'content-type': 'application/json',
        [IDENTITY_HEADER]: await identities.tokenFor(call),
        [REQUEST_ID_HEADER]: call.requestId,
      };
      const { response, text } = await send({
        path: url.pathname,
        method: 'POST',
        headers,
        body: JSON.stringify(request),
      });
      return { result: readResult(name, text), session: readSession(response.headers[SESSION_HEADER]) };
    },
    subscribe: (request, call) => socket.subscribe(request, call),
    checkReady: async () => {
      const { response } = await send({ path: '/readyz', method: 'GET' });
      if (response.statusCode !== 200) throw unavailable(name);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([socket[Symbol.asyncDispose](), pool.destroy()]);
    },
  };
}

/** Anything but a GraphQL answer is a service that does not answer: a proxy's page, a half-started process. */
function readResult(name: string, text: string): FormattedExecutionResult {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && ('data' in body || 'errors' in body))
      return body as FormattedExecutionResult;
  } catch (cause) {
    throw unavailable(name, cause);
  }
  throw unavailable(name);
}

function readSession(header: string | string[] | undefined): ServiceAnswer['session'] {
  if (typeof header !== 'string') return undefined;
  try {
    return JSON.parse(Buffer.from(header, 'base64url').toString()) as SessionEffect;
  } catch (cause) {
    throw new AppError('INTERNAL', 'A service answered with an unreadable session.', { cause });
  }
}
