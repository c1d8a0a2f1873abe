import { createHash } from 'node:crypto';
import { lstat, mkdir, realpath, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { isPostmasterOf, isRunning, readPostmaster, until } from './process.ts';
import { type Account, mayEnter } from './run-as.ts';

const shelters = ['/var/lib/muster', '/var/tmp/muster'];

/** A directory that an account can enter, always the same one for the same wished directory. */
export async function shelterFor(directory: string, account: Account): Promise<string> {
  const wished = await realpath(directory);
  const hash = createHash('sha256').update(wished).digest('hex').slice(0, 12);
  for (const base of shelters) {
    if (!(await isSafeShelter(base, account))) continue;
    const home = join(base, `${basename(wished)}-${hash}`);
    await setAsideIfForgotten(home, wished);
    await mkdir(home, { recursive: true, mode: 0o711 });
    await writeFile(join(home, 'origin'), `${wished}\n`);
    await writeFile(join(wished, 'moved-to'), `${home}\n`);
    return home;
  }
  throw new EmbeddedPostgresError(
    'no-place',
    `The user ${account.name}, which runs PostgreSQL because root may not, cannot enter ${wished}, ` +
      `and neither ${shelters.join(' nor ')} can be used instead. Choose a data directory that every user may enter.`,
  );
}

// Whoever removes the wished directory wants a fresh start, as it would be without the move. The data of before
// is kept under another name. It is looked for first: what has data has been announced in `moved-to` before.
async function setAsideIfForgotten(home: string, wished: string): Promise<void> {
  const data = join(home, 'pg18');
  if (!(await exists(data)) || (await exists(join(wished, 'moved-to')))) return;
  const server = readPostmaster(data);
  if (server && isPostmasterOf(server.pid, data)) {
    process.kill(server.pid, 'SIGINT');
    await until(() => !isRunning(server.pid), 10_000);
  }
  await rename(home, `${home}-until-${new Date().toISOString().replaceAll(':', '')}`);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

// Anybody can make a directory in /var/tmp first: only one that root alone can change is taken.
async function isSafeShelter(base: string, account: Account): Promise<boolean> {
  try {
    await mkdir(base, { recursive: true, mode: 0o755 });
    const facts = await lstat(base);
    return facts.isDirectory() && facts.uid === 0 && (facts.mode & 0o022) === 0 && (await mayEnter(base, account));
  } catch {
    return false;
  }
}
