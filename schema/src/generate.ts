import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { addAgentOperations, checkAgentOperations } from './agent-operations.ts';
import { compose } from './compose.ts';
import { describeBreakingChanges, describeFirstDifference } from './diff.ts';
import { readRover } from './rover.ts';

/** Where a run takes from what it does not make itself. */
export interface Sources {
  /** The SDL of a subgraph; undefined takes what is committed. */
  readonly sdlOf: (name: string) => Promise<string | undefined>;
  /** The texts that the agent of this release sends. */
  readonly agentDocuments: readonly string[];
  /** The public schema that callers know; the file as it is when not given. */
  readonly knownApi?: string | undefined;
}

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
  /** What agents send that this graph does not answer. */
  readonly agentProblems: readonly string[];
}

const API_FILE = 'schema/api.graphql';
const AGENT_FILE = 'schema/agent-operations.json';

/** Prints every subgraph of rover.yaml and composes them, without writing anything. */
export async function generate(root: string, { sdlOf, agentDocuments, knownApi }: Sources): Promise<Generated> {
  const subgraphs = await Promise.all(
    readRover(join(root, 'rover.yaml')).map(async subgraph => ({
      ...subgraph,
      sdl: (await sdlOf(subgraph.name)) ?? readFileSync(subgraph.schemaFile, 'utf8'),
    })),
  );
  const { supergraph, api } = compose(subgraphs);
  const committed = (path: string): string | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
  const file = (path: string, content: string): GeneratedFile => ({ path, content, committed: committed(path) });
  const agentOperations = addAgentOperations(committed(AGENT_FILE), agentDocuments);
  const before = knownApi ?? committed(API_FILE);
  return {
    supergraph,
    files: [
      ...subgraphs.map(({ schemaFile, sdl }) => file(relative(root, schemaFile), sdl)),
      file('schema/supergraph.graphql', supergraph),
      file(API_FILE, api),
      file(AGENT_FILE, agentOperations),
    ],
    changes: before ? describeBreakingChanges(before, api) : [],
    agentProblems: checkAgentOperations(agentOperations, api),
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
