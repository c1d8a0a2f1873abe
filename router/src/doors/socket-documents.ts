import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Planning } from '../gateway.ts';
import { limitDocuments, MAX_TOKENS } from '../limits.ts';

/** A document of a socket that passed every rule with the operation that is meant, or what is wrong with it. */
export type SocketDocument =
  | { readonly kind: 'valid'; readonly document: DocumentNode; readonly operation: OperationDefinitionNode }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/** A parsed document takes some fifty times its text, and anybody can send one. */
const MAX_CACHED_CHARACTERS = 1_000_000;
const MAX_CACHED_LENGTH = 16_384;

/** Parses and validates the documents of sockets under the rules of HTTP; valid ones are kept until the graph changes. */
export class SocketDocuments {
  readonly #planning: () => Planning;
  readonly #isIntrospectable: boolean;
  readonly #documents = new Map<string, DocumentNode>();
  #cachedCharacters = 0;
  #validFor: Planning | undefined;

  constructor(planning: () => Planning, isIntrospectable: boolean) {
    this.#planning = planning;
    this.#isIntrospectable = isIntrospectable;
  }

  read(source: string, operationName: string | undefined): SocketDocument {
    const planning = this.#planning();
    if (planning !== this.#validFor) this.#forget();
    this.#validFor = planning;
    try {
      const document = this.#documents.get(source) ?? parse(source, { maxTokens: MAX_TOKENS });
      const errors = this.#documents.has(source) ? [] : this.#problemsOf(document, planning);
      if (errors.length > 0) return { kind: 'refused', errors };
      this.#keep(source, document);
      const operation = getOperationAST(document, operationName);
      if (operation) return { kind: 'valid', document, operation };
      return refused('The document has no such operation, or several and none is named.');
    } catch (error) {
      return error instanceof GraphQLError
        ? { kind: 'refused', errors: [error] }
        : refused('The document cannot be read.');
    }
  }

  #problemsOf(document: DocumentNode, { apiSchema }: Planning): readonly GraphQLError[] {
    const rules = [...specifiedRules, limitDocuments];
    if (!this.#isIntrospectable) rules.push(NoSchemaIntrospectionCustomRule);
    return validate(apiSchema, document, rules, { hideSuggestions: !this.#isIntrospectable });
  }

  #keep(source: string, document: DocumentNode): void {
    if (source.length > MAX_CACHED_LENGTH || this.#documents.has(source)) return;
    // rare where callers are honest, so starting anew is good enough
    if (this.#cachedCharacters + source.length > MAX_CACHED_CHARACTERS) this.#forget();
    this.#cachedCharacters += source.length;
    this.#documents.set(source, document);
  }

  #forget(): void {
    this.#documents.clear();
    this.#cachedCharacters = 0;
  }
}

function refused(message: string): SocketDocument {
  return { kind: 'refused', errors: [new GraphQLError(message)] };
}
