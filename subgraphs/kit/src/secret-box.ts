import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what must be read back, and derives what must come out the same each time; all from one master secret. */
export interface SecretBox {
  /** AES-256-GCM: nonce, tag and ciphertext in one buffer. */
  seal(text: string): Buffer;
  /** The sealed text; throws where the box or the purpose is another or a bit has changed. */
  open(sealed: Buffer): string;
  /** A password for the label, always the same for the same master secret. */
  derive(label: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A box for one purpose; boxes of different purposes cannot read each other. */
export function createSecretBox(masterSecret: string, purpose: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', masterSecret, '', `muster|${purpose}`, 32));
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = sealed.subarray(NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
    derive: label => createHmac('sha256', key).update(label).digest('base64url'),
  };
}
