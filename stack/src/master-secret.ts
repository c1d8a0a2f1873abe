import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keepSecret } from '@muster/kit/secret-files';

/** The secret that everything sealed at rest hangs on: given, or made once and kept in the data directory for its owner only. */
export async function loadMasterSecret(dataDirectory: string, given?: string): Promise<string> {
  if (given) return given;
  // others may pass through to what is theirs (the database runs as its own user), and list nothing
  await mkdir(dataDirectory, { recursive: true, mode: 0o711 });
  return keepSecret(join(dataDirectory, 'master.secret'), () => randomBytes(32).toString('base64url'));
}
