import { findAppError } from '@muster/kit/errors';
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
import type { AgentDocuments } from '../access/agent-documents.ts';
import type { Planning } from '../gateway.ts';
import { asTokenLimit, limitDocuments, MAX_TOKENS } from '../limits.ts';

/** A document of a socket that passed every rule with the operation that is meant, or what is wrong with it. */
export type SocketDocument =
  | { readonly kind: 'valid'; readonly document: DocumentNode; readonly operation: OperationDefinitionNode }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/** What documents are read with. */
export interface SocketDocumentsOptions {
  readonly planning: () => Planning;
  readonly introspection: boolean;
  readonly agentDocuments: AgentDocuments;
}

/** A parsed document takes some fifty times its text, and anybody can send one. */
const MAX_CACHED_CHARACTERS = 1_000_000;
const MAX_CACHED_LENGTH = 16_384;

/**
 * Parses and validates the documents of sockets under the rules of HTTP. Valid ones are kept until the graph changes:
 * those of agents for certain, others as long as there is room.
 */
export class SocketDocuments {
  readonly #options: SocketDocumentsOptions;
  readonly #ofAgents = new Map<string, DocumentNode>();
  readonly #others = new Map<string, DocumentNode>();
  #cachedCharacters = 0;
  #validFor: Planning | undefined;

  constructor(options: SocketDocumentsOptions) {
    this.#options = options;
  }

  read(source: string, operationName: string | undefined): SocketDocument {
    const planning = this.#options.planning();
    if (planning !== this.#validFor) this.#forgetAll();
    this.#validFor = planning;
    try {
      const known = this.#ofAgents.get(source) ?? this.#others.get(source);
      const document = known ?? parse(source, { maxTokens: MAX_TOKENS });
      const errors = known ? [] : this.#problemsOf(document, planning);
      if (errors.length > 0) return { kind: 'refused', errors };
      if (!known) this.#keep(source, document);
      const operation = getOperationAST(document, operationName);
      if (operation) return { kind: 'valid', document, operation };
      return refused('The document has no such operation, or several and none is named.');
    } catch (error) {
      const limit = asTokenLimit(error);
      if (limit !== error) return refused(String((limit as Error).message), limit as Error);
      return error instanceof GraphQLError
        ? { kind: 'refused', errors: [error] }
        : refused('The document cannot be read.');
    }
  }

  /** Of a document that is too large nothing else is told. */
  #problemsOf(document: DocumentNode, { apiSchema }: Planning): readonly GraphQLError[] {
    const { introspection } = this.#options;
    const rules = [...specifiedRules, limitDocuments];
    if (!introspection) rules.push(NoSchemaIntrospectionCustomRule);
    const errors = validate(apiSchema, document, rules, { hideSuggestions: !introspection });
    const limits = errors.filter(error => findAppError(error)?.code === 'LIMIT_EXCEEDED');
    return limits.length > 0 ? limits : errors;
  }

  #keep(source: string, document: DocumentNode): void {
    if (this.#options.agentDocuments.has(source)) return void this.#ofAgents.set(source, document);
    if (source.length > MAX_CACHED_LENGTH) return;
    // rare where callers are honest, so starting anew is good enough
    if (this.#cachedCharacters + source.length > MAX_CACHED_CHARACTERS) this.#forgetOthers();
    this.#cachedCharacters += source.length;
    this.#others.set(source, document);
  }

  #forgetAll(): void {
    this.#ofAgents.clear();
    this.#forgetOthers();
  }

  #forgetOthers(): void {
    this.#others.clear();
    this.#cachedCharacters = 0;
  }
}

function refused(message: string, originalError?: Error): SocketDocument {
  return { kind: 'refused', errors: [new GraphQLError(message, originalError ? { originalError } : {})] };
}
