import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** Where the composed graph comes from: a text, or a file that may be followed while the router runs. */
export type SupergraphSource = { readonly sdl: string } | { readonly file: string; readonly isWatched: boolean };

/** Editors write in several steps; one quiet moment makes one reload. */
const SETTLE_MS = 50;

/** The text of the supergraph as it is now. */
export async function readSupergraph(source: SupergraphSource): Promise<string> {
  return 'sdl' in source ? source.sdl : readFile(source.file, 'utf8');
}

/** Calls back with each new text of a watched file, never with the same twice; answers how to stop. */
export function watchSupergraph(source: SupergraphSource, onText: (text: string) => void): () => void {
  if ('sdl' in source || !source.isWatched) return () => {};
  const { file } = source;
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const reload = async (): Promise<void> => {
    // a file that is gone for a moment is being replaced: its next event brings the new text
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined || text === last) return;
    last = text;
    onText(text);
  };
  // the folder is watched, because a file that is replaced by renaming takes its watcher with it
  const watcher = watch(dirname(file), (_event, name) => {
    if (name !== null && name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
