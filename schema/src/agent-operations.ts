import { createHash } from 'node:crypto';
import { buildSchema, Kind, parse, validate } from 'graphql';

/** The operations that devices may send, of this release and of every earlier one, by the sha256 of their text. */
export type AgentOperations = Readonly<Record<string, { readonly name: string; readonly document: string }>>;

/** The committed list with what the agent sends now added: an agent that is not updated yet goes on working. */
export function addAgentOperations(committed: string | undefined, documents: readonly string[]): string {
  const operations = { ...(JSON.parse(committed ?? '{}') as AgentOperations) };
  for (const document of documents) operations[hashOf(document)] ??= { name: nameOf(document), document };
  return `${JSON.stringify(operations, undefined, 2)}\n`;
}

/** What is wrong with a list, in words: a text that is not its hash's, or that the graph does not answer any more. */
export function checkAgentOperations(list: string, apiSdl: string): string[] {
  const schema = buildSchema(apiSdl);
  return Object.entries(JSON.parse(list) as AgentOperations).flatMap(([hash, { name, document }]) => {
    if (hashOf(document) !== hash) return [`${name}: the text is not that of ${hash}`];
    return validate(schema, parse(document)).map(({ message }) => `${name} of an agent: ${message}`);
  });
}

function nameOf(document: string): string {
  const [operation] = parse(document).definitions;
  const name = operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined;
  if (!name) throw new Error(`An operation of the agent has no name: ${document}`);
  return name;
}

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');
