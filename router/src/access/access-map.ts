import { denialOf, isPublic, type Requirement, requirementOf } from '@muster/kit/auth/requirement';
import type { Viewer } from '@muster/kit/auth/viewer';
import { AppError } from '@muster/kit/errors';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** One thing that a document asks of its caller; no requirement means that the field is open to nobody. */
interface Demand {
  readonly where: string;
  readonly requirement: Requirement | undefined;
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);
const INTROSPECTION = new Set(['__schema', '__type']);
const SIGNED_IN: Requirement = { isAuthenticated: true, scopes: [] };

/**
 * What every field and type of a supergraph asks of a caller, read from the standard directives. The gateway does not
 * know them, so this is the one check before planning, for every kind of operation.
 */
export class AccessMap {
  readonly #schema: GraphQLSchema;
  readonly #requirements = new Map<string, Requirement>();
  readonly #open = new Set<string>();
  readonly #demands = new WeakMap<DocumentNode, readonly Demand[]>();

  constructor(supergraphSdl: string, apiSchema: GraphQLSchema) {
    this.#schema = apiSchema;
    for (const definition of parse(supergraphSdl).definitions) this.#read(definition);
  }

  /** The first reason to refuse the document to the viewer, naming the field; undefined where there is none. */
  denial(document: DocumentNode, viewer: Viewer): AppError | undefined {
    for (const { where, requirement } of this.#demandsOf(document)) {
      const denial = requirement
        ? denialOf(viewer, requirement, where)
        : new AppError('FORBIDDEN', `${where} is open to nobody.`);
      if (denial) return denial;
    }
    return undefined;
  }

  #read(definition: DefinitionNode): void {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) return;
    const type = definition.name.value;
    this.#note(type, definition.directives as readonly ConstDirectiveNode[]);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return;
    for (const field of definition.fields ?? []) {
      const where = `${type}.${field.name.value}`;
      this.#note(where, field.directives);
      if (!ROOTS.has(type) || isPublic(field.directives)) this.#open.add(where);
    }
  }

  #note(where: string, directives: readonly ConstDirectiveNode[] | undefined): void {
    const requirement = requirementOf(directives);
    if (requirement) this.#requirements.set(where, requirement);
  }

  /** Computed once for each document; skipped parts count too, because variables decide on them later. */
  #demandsOf(document: DocumentNode): readonly Demand[] {
    const known = this.#demands.get(document);
    if (known) return known;
    const demands = new Map<string, Demand>();
    const info = new TypeInfo(this.#schema);
    const Field = ({ name }: { name: { value: string } }): void => {
      // a field that this graph does not know is asked of nobody, so it is open to nobody
      const parent = info.getParentType()?.name ?? '?';
      for (const demand of this.#demandsOfField(parent, name.value, getNamedType(info.getType())?.name))
        demands.set(JSON.stringify(demand), demand);
    };
    visit(document, visitWithTypeInfo(info, { Field }));
    const list = [...demands.values()];
    this.#demands.set(document, list);
    return list;
  }

  #demandsOfField(parent: string, field: string, type: string | undefined): Demand[] {
    const where = `${parent}.${field}`;
    if (INTROSPECTION.has(field)) return [{ where, requirement: SIGNED_IN }];
    if (parent.startsWith('__')) return [];
    const owners = field === '__typename' ? [parent] : [parent, ...this.#implementationsOf(parent)];
    const sources = [...owners.flatMap(owner => [owner, `${owner}.${field}`]), type ?? ''];
    const demands = sources
      .map(source => this.#requirements.get(source))
      .filter(requirement => requirement !== undefined)
      .map(requirement => ({ where, requirement }));
    const isNamed = demands.length > 0 || this.#open.has(where) || field === '__typename';
    return isNamed ? demands : [{ where, requirement: undefined }];
  }

  /** A field of an interface is answered by any of its types, so all of them are asked. */
  #implementationsOf(name: string): string[] {
    const type = this.#schema.getType(name);
    return isAbstractType(type) ? this.#schema.getPossibleTypes(type).map(possible => possible.name) : [];
  }
}
