import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  subscribe,
  validate,
} from 'graphql';
import type { RequestContext } from './context.ts';
import { maskError, type OnDefect } from './masking.ts';

/** One operation for a service in the same process. */
export interface InProcessRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
}

const MAX_DOCUMENTS = 5000;

/** Executes operations on a schema of this process; answers are plain, mutable JSON with masked errors, as over a wire. */
export class InProcessExecutor {
  readonly #schema: GraphQLSchema;
  readonly #onDefect: OnDefect;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema, onDefect: OnDefect) {
    this.#schema = schema;
    this.#onDefect = onDefect;
  }

  async execute(request: InProcessRequest, context: RequestContext): Promise<FormattedExecutionResult> {
    return this.#toWire(await execute(this.#argumentsOf(request, context)));
  }

  /** The source of a subscription, or throws the service's refusal. */
  async subscribe(
    request: InProcessRequest,
    context: RequestContext,
  ): Promise<AsyncIterator<FormattedExecutionResult>> {
    const result = await subscribe(this.#argumentsOf(request, context));
    if (!(Symbol.asyncIterator in result)) throw refusalOf(this.#toWire(result));
    const source = result[Symbol.asyncIterator]();
    const toWire = ({ done, value }: IteratorResult<ExecutionResult>): IteratorResult<FormattedExecutionResult> =>
      done ? { done: true, value: undefined } : { done: false, value: this.#toWire(value) };
    return {
      next: async () => toWire(await source.next()),
      return: async () => {
        await source.return?.();
        return { done: true, value: undefined };
      },
    };
  }

  #argumentsOf(request: InProcessRequest, contextValue: RequestContext) {
    const { variables: variableValues, operationName } = request;
    return {
      schema: this.#schema,
      document: this.#documentOf(request.query),
      variableValues,
      operationName,
      contextValue,
    };
  }

  #documentOf(query: string): DocumentNode {
    const known = this.#documents.get(query);
    if (known) return known;
    const document = parse(query, { noLocation: true });
    const [problem] = validate(this.#schema, document);
    if (problem) throw problem;
    if (this.#documents.size >= MAX_DOCUMENTS) this.#documents.delete(this.#documents.keys().next().value ?? '');
    this.#documents.set(query, document);
    return document;
  }

  #toWire(result: ExecutionResult): FormattedExecutionResult {
    if (!result.errors) return result as FormattedExecutionResult;
    return { data: result.data ?? null, errors: result.errors.map(error => maskError(error, this.#onDefect)) };
  }
}

function refusalOf(result: FormattedExecutionResult): GraphQLError {
  const [error] = result.errors ?? [];
  return new GraphQLError(error?.message ?? 'refused', { extensions: { ...error?.extensions } });
}
