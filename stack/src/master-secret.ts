import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secret that everything sealed at rest hangs on: given, or made once and kept in the data directory for its owner only. */
export async function loadMasterSecret(dataDirectory: string, given?: string): Promise<string> {
  if (given) return given;
  // others may pass through to what is theirs (the database runs as its own user), and list nothing
  await mkdir(dataDirectory, { recursive: true, mode: 0o711 });
  const file = join(dataDirectory, 'master.secret');
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
  // a link never replaces: of two first starts one secret survives, whole
  await link(fresh, file).catch(error => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(fresh);
  return (await readFile(file, 'utf8')).trim();
}
