import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { AppError } from '../errors.ts';
import type { Viewer } from './viewer.ts';

/** Name of the header, and of the graphql-ws payload extension, that carries the signed identity to a service. */
export const IDENTITY_HEADER = 'x-muster-identity';
/** Name of the header, and of the payload extension, with the id of one call: the router reuses an identity for several. */
export const REQUEST_ID_HEADER = 'x-request-id';
const ALGORITHM = 'EdDSA';
const LIFETIME_SECONDS = 30;
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Facts of the call besides the viewer that services need. */
export interface CallFacts {
  readonly requestId: string;
  readonly remoteAddress?: string | undefined;
}

/** What a verified identity says. */
export interface Identity extends CallFacts {
  readonly viewer: Viewer;
}

/** Signs for one audience: the token is good for that service only, for 30 s. */
export interface IdentitySigner {
  sign(audience: string, identity: Identity): Promise<string>;
}

/** Checks a token for one audience; throws UNAUTHENTICATED for anything forged, foreign or expired. */
export type IdentityVerifier = (token: string | undefined) => Promise<Identity>;

/** A fresh pair as JWKs: the private one for the router, the public one for every service. */
export async function generateIdentityKeys(): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return { privateJwk: await exportJWK(privateKey), publicJwk: await exportJWK(publicKey) };
}

/** A signer over the router's private key. */
export async function createIdentitySigner(privateJwk: JWK): Promise<IdentitySigner> {
  const key = (await importJWK(privateJwk, ALGORITHM)) as CryptoKey;
  return {
    sign: (audience, identity) =>
      new SignJWT({ viewer: identity.viewer, rid: identity.requestId, ip: identity.remoteAddress })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer('muster-router')
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_SECONDS}s`)
        .sign(key),
  };
}

/** A verifier for one service, over the router's public key. */
export async function createIdentityVerifier(publicJwk: JWK, audience: string): Promise<IdentityVerifier> {
  const key = await importJWK(publicJwk, ALGORITHM);
  return async token => {
    // jose takes sloppy base64; the shape is checked first so that one token has one spelling
    if (!token || !COMPACT_JWS.test(token)) throw refused();
    const { payload } = await jwtVerify(token, key, {
      audience,
      issuer: 'muster-router',
      algorithms: [ALGORITHM],
    }).catch(cause => {
      throw refused(cause);
    });
    return {
      viewer: payload.viewer as Viewer,
      requestId: String(payload.rid),
      remoteAddress: payload.ip as string | undefined,
    };
  };
}

function refused(cause?: unknown): AppError {
  return new AppError('UNAUTHENTICATED', 'This service answers the router only.', { cause });
}
