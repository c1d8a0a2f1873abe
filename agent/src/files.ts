import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file as a whole: after the promise resolves the content survives a power cut, before it the old one does. */
export async function writeDurably(path: string, content: string, mode = 0o600): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', mode);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The text of a file, or null where there is none or it may not be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The first line of a /proc or /sys file without surrounding blanks, or null where it says nothing. */
export function readValue(path: string): string | null {
  return readText(path)?.trim() || null;
}

/** A whole number from a /proc or /sys file, or null. */
export function readNumber(path: string): number | null {
  const text = readValue(path);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** The parsed content of our own JSON file, or null where it is absent or broken. */
export function readJson<T>(path: string): T | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
