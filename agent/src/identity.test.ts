import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Identity } from './identity.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-identity-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const parse = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

test('makes a JWT that the public key verifies, good for a minute', async () => {
  const identity = await Identity.open(folder);
  await identity.remember({ deviceId: 'device-1', serverKey: 'key' });

  const [header, payload, signature] = identity.jwt(1_700_000_000_500).split('.');

  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: identity.publicKey } });
  expect(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  expect(parse(header)).toEqual({ alg: 'EdDSA', typ: 'muster-device+jwt', kid: 'device-1' });
  const { jti, ...claims } = parse(payload);
  expect(claims).toEqual({ sub: 'device-1', aud: 'muster', iat: 1_700_000_000, exp: 1_700_000_060 });
  expect(Buffer.from(jti, 'base64url')).toHaveLength(16);
});

test('keeps key and enrolment over a restart', async () => {
  const first = await Identity.open(folder);
  await first.remember({ deviceId: 'device-1', serverKey: 'key' });

  const second = await Identity.open(folder);

  expect(second.publicKey).toBe(first.publicKey);
  expect(second.enrolled).toEqual({ deviceId: 'device-1', serverKey: 'key' });
});

test('refuses a folder whose enrolment has lost its key', async () => {
  const identity = await Identity.open(folder);
  await identity.remember({ deviceId: 'device-1', serverKey: 'key' });
  rmSync(join(folder, 'device-key.pem'));

  await expect(Identity.open(folder)).rejects.toThrow('not its device key');
});
