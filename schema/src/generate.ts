import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compose } from './compose.ts';
import { describeBreakingChanges, describeFirstDifference } from './diff.ts';
import { readRover } from './rover.ts';

/** How the SDL of a subgraph is found; undefined takes what is committed. */
export type SdlSource = (name: string) => Promise<string | undefined>;

/** One generated file: its path from the root, what it should hold and what it holds. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
  readonly committed: string | undefined;
}

/** What a run makes: the files, and what changes for callers. */
export interface Generated {
  readonly files: readonly GeneratedFile[];
  readonly supergraph: string;
  readonly changes: readonly string[];
}

/** Prints every subgraph of rover.yaml and composes them, without writing anything. */
export async function generate(root: string, sdlOf: SdlSource): Promise<Generated> {
  const subgraphs = await Promise.all(
    readRover(join(root, 'rover.yaml')).map(async subgraph => ({
      ...subgraph,
      sdl: (await sdlOf(subgraph.name)) ?? readFileSync(subgraph.schemaFile, 'utf8'),
    })),
  );
  const { supergraph, api } = compose(subgraphs);
  const file = (path: string, content: string): GeneratedFile => {
    const absolute = join(root, path);
    return { path, content, committed: existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined };
  };
  const apiFile = file('schema/api.graphql', api);
  return {
    supergraph,
    files: [
      ...subgraphs.map(({ schemaFile, sdl }) => file(relative(root, schemaFile), sdl)),
      file('schema/supergraph.graphql', supergraph),
      apiFile,
    ],
    changes: apiFile.committed ? describeBreakingChanges(apiFile.committed, api) : [],
  };
}

/** Writes the files that differ and answers their paths. */
export function writeFiles(root: string, { files }: Generated): string[] {
  const stale = files.filter(isStale);
  for (const { path, content } of stale) writeFileSync(join(root, path), content);
  return stale.map(({ path }) => path);
}

/** What is committed but differs from what the code makes, with the first difference of each file. */
export function describeStale({ files }: Generated): string[] {
  return files
    .filter(isStale)
    .map(({ path, content, committed }) =>
      committed === undefined ? `${path} is missing` : `${path}, ${describeFirstDifference(committed, content)}`,
    );
}

const isStale = ({ content, committed }: GeneratedFile): boolean => content !== committed;
