import { chmod, cp, lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Binaries, binariesIn, completeBinaries, findBinaries } from './binaries.ts';
import type { Place } from './place.ts';
import { type Account, mayEnter } from './run-as.ts';

/** Gives programs that the account can run: the installed ones, or a copy in its home when it cannot reach them. */
export async function placeBinaries({ home, account }: Place): Promise<Binaries> {
  const installed = await findBinaries();
  if (await isUsable(installed, account)) return installed;

  const name = `binaries-${installed.version}`;
  const copied = binariesIn(join(home, name, 'native'), installed.version);
  if (!(await lstat(copied.directory).catch(() => undefined))) await copyBinaries(installed, dirname(copied.directory));
  await removeOtherCopies(home, name);
  return copied;
}

async function isUsable(binaries: Binaries, account: Account | undefined): Promise<boolean> {
  try {
    await completeBinaries(binaries);
  } catch {
    return false; // the installation is read-only and incomplete
  }
  return !account || mayEnter(dirname(binaries.postgres), account);
}

async function copyBinaries(installed: Binaries, target: string): Promise<void> {
  const draft = `${target}.${process.pid}.tmp`;
  await cp(installed.directory, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await completeBinaries(binariesIn(join(draft, 'native'), installed.version));
  await openToReaders(draft);
  await rename(draft, target).catch(() => rm(draft, { recursive: true })); // another start was faster
}

async function openToReaders(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || (entry.isFile() && basename(entry.parentPath) === 'bin')) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}

async function removeOtherCopies(home: string, current: string): Promise<void> {
  const others = (await readdir(home)).filter(name => name.startsWith('binaries-') && name !== current);
  await Promise.all(others.map(name => rm(join(home, name), { recursive: true, force: true })));
}
