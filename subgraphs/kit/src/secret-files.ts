import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** For its owner only. */
const PRIVATE_MODE = 0o400;

/** The secret of a file: made where there is none and never replaced, so of two first starts one secret survives, whole. */
export async function keepSecret(
  file: string,
  make: () => string | Promise<string>,
  mode: number = PRIVATE_MODE,
): Promise<string> {
  const fresh = await writeBeside(file, await make(), mode);
  // a link never replaces
  await link(fresh, file).catch(error => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(fresh);
  return (await readFile(file, 'utf8')).trim();
}

/** Gives a file this content and no reader ever half of it. */
export async function replaceSecret(file: string, text: string): Promise<void> {
  await rename(await writeBeside(file, text, PRIVATE_MODE), file);
}

async function writeBeside(file: string, text: string, mode: number): Promise<string> {
  const fresh = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // what a process of the same number left when it died is not ours to write into
  await rm(fresh, { force: true });
  await writeFile(fresh, `${text}\n`, { mode, flag: 'wx', flush: true });
  return fresh;
}
