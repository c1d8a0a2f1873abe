import { SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { createIdentitySigner, createIdentityVerifier, generateIdentityKeys, type IdentitySigner } from './identity.ts';
import { anonymousViewer } from './viewer.ts';

const identity = {
  viewer: { ...anonymousViewer, kind: 'USER', id: 'u1' } as const,
  requestId: 'r1',
  remoteAddress: '192.0.2.1',
};

let keys: Awaited<ReturnType<typeof generateIdentityKeys>>;
let signer: IdentitySigner;
beforeAll(async () => {
  keys = await generateIdentityKeys();
  signer = await createIdentitySigner(keys.privateJwk);
});

test('says to one service who calls', async () => {
  const verify = await createIdentityVerifier(keys.publicJwk, 'fleet');

  expect(await verify(await signer.sign('fleet', identity))).toEqual(identity);
});

test.each([
  ['nothing', async () => undefined],
  ['no token', async () => 'nonsense'],
  ['a token for another service', () => signer.sign('accounts', identity)],
  [
    'a token of another router',
    async () => (await createIdentitySigner((await generateIdentityKeys()).privateJwk)).sign('fleet', identity),
  ],
  ['a token without a signature', async () => (await signer.sign('fleet', identity)).replace(/\.[^.]+$/, '.')],
  [
    'an unsecured token',
    async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
  ],
  [
    'a token signed with the public key as a secret',
    async () =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience('fleet')
        .sign(Buffer.from(JSON.stringify(keys.publicJwk))),
  ],
])('refuses %s', async (_what, forge) => {
  const verify = await createIdentityVerifier(keys.publicJwk, 'fleet');

  await expect(verify(await forge())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('refuses a token whose time is over', async () => {
  const verify = await createIdentityVerifier(keys.publicJwk, 'fleet');
  const { importJWK } = await import('jose');
  const stale = await new SignJWT({ viewer: identity.viewer, rid: 'r1' })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('muster-router')
    .setAudience('fleet')
    .setIssuedAt(Math.floor(Date.now() / 1000) - 120)
    .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
    .sign(await importJWK(keys.privateJwk, 'EdDSA'));

  await expect(verify(stale)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
