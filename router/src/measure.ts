import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a document asks for, in figures; cost is the number of values that an answer can hold. */
export interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly 'root fields': number;
  readonly directives: number;
  readonly fields: number;
  readonly cost: number;
}

/** The largest page that any service answers: what a variable, which is not known here, can ask for at most. */
const LARGEST_PAGE = 100;
const PAGE_ARGUMENTS = ['first', 'last'];

const empty: Size = { depth: 0, aliases: 0, 'root fields': 0, directives: 0, fields: 0, cost: 0 };

type Parent = GraphQLNamedType | null | undefined;

/** Adds up selections; each fragment is measured once however often it is spread, so doubling fragments cost nothing. */
export class Measure {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #sizes = new Map<string, Size>();

  constructor(document: DocumentNode, schema: GraphQLSchema) {
    this.#schema = schema;
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
  }

  of({ operation, selectionSet, directives }: OperationDefinitionNode): Size {
    return withDirectives(this.#selections(selectionSet, this.#schema.getRootType(operation)), directives);
  }

  #selections({ selections }: SelectionSetNode, parent: Parent): Size {
    return selections
      .map(selection => withDirectives(this.#selection(selection, parent), selection.directives))
      .reduce(add, empty);
  }

  #selection(selection: SelectionNode, parent: Parent): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value);
    if (selection.kind === Kind.FIELD) return this.#field(selection, parent);
    const { typeCondition, selectionSet } = selection;
    return this.#selections(selectionSet, typeCondition ? this.#schema.getType(typeCondition.name.value) : parent);
  }

  #field(field: FieldNode, parent: Parent): Size {
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const definition = hasFields ? parent.getFields()[field.name.value] : undefined;
    const type = definition && getNamedType(definition.type);
    const below = field.selectionSet ? this.#selections(field.selectionSet, type) : empty;
    // introspection is deep by nature, and graphql bounds its lists by itself
    const isIntrospection = field.name.value.startsWith('__');
    return {
      depth: isIntrospection ? 1 : below.depth + 1,
      aliases: below.aliases + (field.alias ? 1 : 0),
      'root fields': 1,
      directives: below.directives,
      fields: below.fields + 1,
      cost: 1 + below.cost * pageSize(field, definition),
    };
  }

  #fragment(name: string): Size {
    const known = this.#sizes.get(name);
    if (known) return known;
    // stands in for the fragment while it is measured, so that one in a circle ends; another rule refuses circles
    this.#sizes.set(name, empty);
    const fragment = this.#fragments.get(name);
    const size = fragment
      ? this.#selections(fragment.selectionSet, this.#schema.getType(fragment.typeCondition.name.value))
      : empty;
    this.#sizes.set(name, size);
    return size;
  }
}

function add(sum: Size, size: Size): Size {
  return {
    depth: Math.max(sum.depth, size.depth),
    aliases: sum.aliases + size.aliases,
    'root fields': sum['root fields'] + size['root fields'],
    directives: sum.directives + size.directives,
    fields: sum.fields + size.fields,
    cost: sum.cost + size.cost,
  };
}

/** How many of what stands below a field can come back; 1 for a field without pages. */
function pageSize(field: FieldNode, definition: GraphQLField<unknown, unknown> | undefined): number {
  const sizes = (definition?.args ?? [])
    .filter(({ name }) => PAGE_ARGUMENTS.includes(name))
    .map(({ name, defaultValue }) => {
      const given = field.arguments?.find(argument => argument.name.value === name)?.value;
      if (given?.kind === Kind.INT) return Math.max(1, Number(given.value));
      return given === undefined && typeof defaultValue === 'number' ? defaultValue : LARGEST_PAGE;
    });
  return Math.max(1, ...sizes);
}

function withDirectives(size: Size, directives: readonly DirectiveNode[] = []): Size {
  return directives.length === 0 ? size : { ...size, directives: size.directives + directives.length };
}
