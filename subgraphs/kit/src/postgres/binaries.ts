import { chmod, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** The programs of one PostgreSQL installation, and the directory that holds them with their libraries. */
export interface Binaries {
  readonly directory: string;
  readonly version: string;
  readonly postgres: string;
  readonly initdb: string;
}

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/** Finds the installed PostgreSQL of this machine, or says why there is none. */
export async function findBinaries({ platform, arch }: Machine = process): Promise<Binaries> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  if (platform === 'linux' && usesMusl()) throw muslProblem();

  const directory = locatePackage(name);
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as { version: string };
  return binariesIn(join(directory, 'native'), manifest.version);
}

/** Names the programs below an installation directory without looking at them. */
export function binariesIn(directory: string, version: string): Binaries {
  const program = (name: string) => join(directory, 'bin', name);
  return { directory, version, postgres: program('postgres'), initdb: program('initdb') };
}

/**
 * Makes an unpacked installation runnable: npm packages cannot carry symbolic links and install scripts do not
 * run here, so the links between the library versions are made from the package's own list.
 */
export async function completeBinaries({ directory, postgres, initdb }: Binaries): Promise<void> {
  const root = dirname(directory);
  const list = JSON.parse(await readFile(join(directory, 'pg-symlinks.json'), 'utf8')) as Link[];
  await Promise.all(list.map(({ source, target }) => link(join(root, source), join(root, target))));
  await Promise.all([postgres, initdb].map(makeExecutable));
}

interface Link {
  readonly source: string;
  readonly target: string;
}

async function link(source: string, target: string): Promise<void> {
  if (await exists(target)) return;
  await symlink(relative(dirname(target), source), target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another start made it in the meantime
  });
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await lstat(program);
  if ((mode & 0o111) !== 0o111) await chmod(program, 0o755);
}

function locatePackage(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries-missing',
      `No PostgreSQL is installed for this platform: the optional package ${name} is missing. ` +
        'Install again without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

function usesMusl(): boolean {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  report.excludeNetwork = true; // resolving the names of open connections can take seconds
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

function muslProblem(): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'musl',
    'The embedded PostgreSQL needs glibc and this system (Alpine?) has musl. ' +
      'Use a Debian-based image, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}
