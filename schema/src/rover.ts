import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

/** One subgraph as rover.yaml names it. */
export interface RoverSubgraph {
  readonly name: string;
  /** Where the router reaches the service when every service has a container of its own. */
  readonly routingUrl: string;
  /** Absolute path of the committed SDL. */
  readonly schemaFile: string;
}

interface RoverFile {
  readonly subgraphs?: Record<string, { routing_url?: string; schema?: { file?: string } } | null>;
}

/** The subgraphs of a rover.yaml in their order there; throws in plain words where an entry is incomplete. */
export function readRover(file: string): RoverSubgraph[] {
  const { subgraphs = {} } = (parse(readFileSync(file, 'utf8')) ?? {}) as RoverFile;
  const entries = Object.entries(subgraphs);
  if (entries.length === 0) throw new Error(`${file} names no subgraph.`);
  return entries.map(([name, entry]) => {
    const { routing_url: routingUrl, schema } = entry ?? {};
    if (!routingUrl) throw new Error(`${file}: ${name} has no routing_url.`);
    if (!schema?.file) throw new Error(`${file}: ${name} has no schema.file.`);
    return { name, routingUrl, schemaFile: resolve(dirname(file), schema.file) };
  });
}
