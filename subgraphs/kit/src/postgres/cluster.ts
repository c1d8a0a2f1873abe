import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Place } from './place.ts';

/** The one role that exists in a new cluster. */
export const superuser = 'postgres';

/** What every PostgreSQL program is started with: no variable of this process reaches it. */
export const programEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Reads the superuser's password; absent before the first start. */
export async function readPassword({ home }: Place): Promise<string | undefined> {
  return readFile(secretIn(home), 'utf8').catch(() => undefined);
}

/** Guarantees a complete cluster: it is made beside its final name, so that an interrupted start leaves none. */
export async function ensureCluster(place: Place, binaries: Binaries): Promise<void> {
  if (await exists(join(place.data, 'PG_VERSION'))) return requirePassword(place);

  const password = randomBytes(24).toString('base64url');
  await rm(secretIn(place.home), { force: true });
  await writeFile(secretIn(place.home), password, { mode: 0o600 });
  const draft = `${place.data}.init`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await give(draft, place);
  await initialise(place, { draft, initdb: binaries.initdb, password });
  await rename(draft, place.data);
}

interface Draft {
  readonly draft: string;
  readonly initdb: string;
  readonly password: string;
}

async function initialise(place: Place, { draft, initdb, password }: Draft): Promise<void> {
  const passwordFile = join(place.home, 'initdb.secret');
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    await give(passwordFile, place);
    await runInitdb(place, [initdb, '--pgdata', draft, '--pwfile', passwordFile]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb({ home, account }: Place, [program = '', ...where]: string[]): Promise<void> {
  const how = ['--username', superuser, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'];
  const order = ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
  const child = spawn(program, [...where, ...how, ...order], {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: home,
    env: programEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new EmbeddedPostgresError('initdb-failed', `initdb could not make a cluster: ${said.trim()}`);
}

async function requirePassword(place: Place): Promise<void> {
  if (await readPassword(place)) return;
  throw new EmbeddedPostgresError(
    'password-missing',
    `${place.data} holds a database but its password file ${secretIn(place.home)} is gone. Put the file back.`,
  );
}

async function give(path: string, { account }: Place): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

function secretIn(home: string): string {
  return join(home, 'superuser.secret');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
