import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import type { SecretBox } from '@muster/kit/secret-box';

/** The server's identity towards agents: they pin its public half and believe nothing that it has not signed. */
export interface ServerKey {
  /** Raw Ed25519 key, base64url. */
  readonly publicKey: string;
  /** Signature over the UTF-8 text, base64url. */
  sign(text: string): string;
}

/** The installation's one key: made at the first start, sealed at rest, the same ever after. */
export async function loadServerKey(database: Database, box: SecretBox): Promise<ServerKey> {
  const pair = generateKeyPairSync('ed25519');
  const fresh = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  await database.pool.query('insert into server_key (private_key, public_key) values ($1, $2) on conflict do nothing', [
    box.seal(fresh),
    publicKey,
  ]);
  const { rows } = await database.pool.query<{ private_key: Buffer; public_key: Buffer }>(
    'select private_key, public_key from server_key',
  );
  const [row] = rows;
  if (!row) throw new Error('the server key is missing right after it was stored');
  const key = createPrivateKey(unseal(box, row.private_key));
  return {
    publicKey: row.public_key.toString('base64url'),
    sign: text => sign(null, Buffer.from(text), key).toString('base64url'),
  };
}

function unseal(box: SecretBox, sealed: Buffer): string {
  try {
    return box.open(sealed);
  } catch (cause) {
    throw new AppError(
      'PRECONDITION_FAILED',
      'This database was made with another master secret: give that one by MUSTER_SECRET_KEY, or put its master.secret back.',
      { cause },
    );
  }
}
