import { AppError } from '@muster/kit/errors';
import {
  type ASTNode,
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How large one document may be, fragments counted as often as they are used. */
export const documentLimits = {
  depth: 12,
  aliases: 30,
  'root fields': 20,
  directives: 20,
  fields: 1_000,
} as const;

/** Tokens that the parser reads of one document. */
export const MAX_TOKENS = 2_000;

type Size = Record<keyof typeof documentLimits, number>;

/** A validation rule that refuses documents beyond the limits with LIMIT_EXCEEDED, in time linear to their text. */
export function limitDocuments(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const size = new Measure(context.getDocument()).of(operation);
      for (const [name, limit] of Object.entries(documentLimits)) {
        if (size[name as keyof Size] <= limit) continue;
        context.reportError(tooLarge(`The operation has more than ${limit} ${name}.`, operation));
      }
    },
  };
}

function tooLarge(message: string, node: ASTNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, originalError: new AppError('LIMIT_EXCEEDED', message) });
}

const empty: Size = { depth: 0, aliases: 0, 'root fields': 0, directives: 0, fields: 0 };

/** Adds up selections; each fragment is measured once however often it is spread, so doubling fragments cost nothing. */
class Measure {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #sizes = new Map<string, Size>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
  }

  of(operation: OperationDefinitionNode): Size {
    return withDirectives(this.#selections(operation.selectionSet), operation.directives);
  }

  #selections({ selections }: SelectionSetNode): Size {
    const sum = { ...empty };
    for (const selection of selections) {
      const size = withDirectives(this.#selection(selection), selection.directives);
      sum.depth = Math.max(sum.depth, size.depth);
      sum.aliases += size.aliases;
      sum.directives += size.directives;
      sum.fields += size.fields;
      sum['root fields'] += size['root fields'];
    }
    return sum;
  }

  #selection(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.#selections(selection.selectionSet);
    const below = selection.selectionSet ? this.#selections(selection.selectionSet) : empty;
    // introspection is deep by nature, and graphql bounds its lists by itself
    const isIntrospection = selection.name.value.startsWith('__');
    return {
      depth: isIntrospection ? 1 : below.depth + 1,
      aliases: below.aliases + (selection.alias ? 1 : 0),
      directives: below.directives,
      fields: below.fields + 1,
      'root fields': 1,
    };
  }

  #fragment(name: string): Size {
    const known = this.#sizes.get(name);
    if (known) return known;
    // stands in for the fragment while it is measured, so that one in a circle ends; another rule refuses circles
    this.#sizes.set(name, empty);
    const fragment = this.#fragments.get(name);
    const size = fragment ? this.#selections(fragment.selectionSet) : empty;
    this.#sizes.set(name, size);
    return size;
  }
}

function withDirectives(size: Size, directives: readonly DirectiveNode[] = []): Size {
  return directives.length === 0 ? size : { ...size, directives: size.directives + directives.length };
}
