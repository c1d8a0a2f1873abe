import { readText } from '../files.ts';

/** When the kernel started, or null. */
export function collectBootedAt(root = ''): string | null {
  const seconds = /^btime (\d+)$/m.exec(readText(`${root}/proc/stat`) ?? '')?.[1];
  return seconds ? new Date(Number(seconds) * 1_000).toISOString() : null;
}
