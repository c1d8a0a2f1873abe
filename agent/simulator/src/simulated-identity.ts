import { createHash, createPrivateKey } from 'node:crypto';
import { Identity } from '../../src/identity.ts';

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same seed and number make the same key, so that the server finds the device of an earlier run again. */
export function simulatedIdentity(seed: string, number: number): Identity {
  const secret = createHash('sha256').update(`${seed}|${number}`).digest();
  return Identity.inMemory(createPrivateKey({ key: Buffer.concat([prefix, secret]), format: 'der', type: 'pkcs8' }));
}
