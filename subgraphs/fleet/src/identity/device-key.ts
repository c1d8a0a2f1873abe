import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

const RAW_KEY_BYTES = 32;

/** The raw bytes of a base64url Ed25519 key, or undefined where the text is none. */
export function parsePublicKey(text: string): Buffer | undefined {
  const raw = Buffer.from(text, 'base64url');
  return raw.length === RAW_KEY_BYTES && raw.toString('base64url') === text ? raw : undefined;
}

/** The id that a device has by its first key: the start of the key's hash, in the form of a UUID (version 8). */
export function deviceIdOf(publicKey: Buffer): string {
  const bytes = createHash('sha256').update('muster-device-v1').update(publicKey).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The key object for raw Ed25519 bytes. */
export function toKeyObject(publicKey: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' });
}

/** True where the key has signed the text. */
export function isSignedBy(publicKey: Buffer, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text), toKeyObject(publicKey), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
