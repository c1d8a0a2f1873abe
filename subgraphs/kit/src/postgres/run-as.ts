import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** The account that PostgreSQL runs under when this process is root, which PostgreSQL refuses to be. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const candidates = ['postgres', 'nobody'];

/** True when another account must be chosen, because this process is root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Picks an unprivileged account that every system has: none is ever created. */
export async function chooseAccount(): Promise<Account> {
  const accounts = parseAccounts(await readFile('/etc/passwd', 'utf8'));
  for (const name of candidates) {
    const account = accounts.find(each => each.name === name && each.uid !== 0);
    if (account) return account;
  }
  throw new EmbeddedPostgresError(
    'no-unprivileged-user',
    `PostgreSQL refuses to run as root, and this system has neither of the users ${candidates.join(' and ')}. ` +
      'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** The account that owns a path, when it is not root: an existing cluster can only be run by its owner. */
export async function ownerOf(path: string): Promise<Account | undefined> {
  const owner = await stat(path).catch(() => undefined);
  if (!owner || owner.uid === 0) return undefined;
  return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
}

/** Tells whether an account may pass through every directory down to and including this one. */
export async function mayEnter(directory: string, account: Account): Promise<boolean> {
  let current = await realpath(directory);
  for (;;) {
    if (!(await maySearch(current, account))) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

async function maySearch(directory: string, { uid, gid }: Account): Promise<boolean> {
  const facts = await stat(directory);
  if (facts.uid === uid) return (facts.mode & 0o100) !== 0;
  if (facts.gid === gid) return (facts.mode & 0o010) !== 0;
  return (facts.mode & 0o001) !== 0;
}

function parseAccounts(text: string): Account[] {
  return text
    .split('\n')
    .map(line => line.split(':'))
    .filter(fields => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}
