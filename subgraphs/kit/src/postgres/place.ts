import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, chooseAccount, isRoot, mayEnter, ownerOf } from './run-as.ts';
import { shelterFor } from './shelter.ts';

/** Where one embedded PostgreSQL keeps its files, and the account that runs it (absent: this process's own). */
export interface Place {
  readonly home: string;
  readonly data: string;
  readonly account?: Account;
}

/**
 * Decides where the files go: in the wished directory, except for root when the account that runs PostgreSQL
 * cannot enter it. Then they go to `/var/lib/muster/<name>-<hash of the wished path>` (`/var/tmp/muster/…` where
 * /var/lib is read-only): the same directory always leads to the same place. Each names the other, in `moved-to` and
 * `origin`; a wished directory that was removed and made again starts afresh.
 */
export async function choosePlace(directory: string): Promise<Place> {
  if (!isRoot()) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return placeAt(directory);
  }

  await mkdir(directory, { recursive: true, mode: 0o711 });
  const owner = await ownerOf(dataIn(directory));
  if (owner) return placeAt(directory, owner);
  const account = await chooseAccount();
  if (await mayEnter(directory, account)) return placeAt(directory, account);

  const home = await shelterFor(directory, account);
  return placeAt(home, (await ownerOf(dataIn(home))) ?? account);
}

async function placeAt(directory: string, account?: Account): Promise<Place> {
  const home = await realpath(directory);
  return { home, data: dataIn(home), ...(account && { account }) };
}

function dataIn(home: string): string {
  return join(home, 'pg18');
}
