import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DefinitionNode, type DocumentNode, type FragmentDefinitionNode, Kind, parse, visit } from 'graphql';

const CONSOLE = fileURLToPath(new URL('../../../ui/src', import.meta.url));
const DOCUMENT = /\bgraphql\(\s*`([^`]*)`/g;

/** An operation of the console as it is sent: with every fragment that it uses. */
export interface ConsoleOperation {
  readonly name: string;
  readonly document: DocumentNode;
}

/** Every operation in the console's sources; they are read as text, because the router knows nothing of the console. */
export function consoleOperations(folder = CONSOLE): ConsoleOperation[] {
  const definitions = globSync('**/*.{ts,svelte}', { cwd: folder }).flatMap(file => definitionsIn(join(folder, file)));
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return definitions
    .filter(definition => definition.kind === Kind.OPERATION_DEFINITION)
    .map(operation => ({
      name: operation.name?.value ?? '?',
      document: { kind: Kind.DOCUMENT, definitions: [operation, ...usedBy(operation, fragments)] },
    }));
}

function definitionsIn(file: string): readonly DefinitionNode[] {
  return [...readFileSync(file, 'utf8').matchAll(DOCUMENT)].flatMap(
    ([, source = '']) => withoutClientMarks(parse(source)).definitions,
  );
}

/** The console's typing marks a fragment with a directive that is not sent. */
function withoutClientMarks(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: ({ name }) => (name.value.startsWith('_') ? null : undefined) });
}

function usedBy(
  definition: DefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  used = new Set<FragmentDefinitionNode>(),
): ReadonlySet<FragmentDefinitionNode> {
  visit(definition, {
    FragmentSpread: ({ name }) => {
      const fragment = fragments.get(name.value);
      if (!fragment || used.has(fragment)) return;
      used.add(fragment);
      usedBy(fragment, fragments, used);
    },
  });
  return used;
}
