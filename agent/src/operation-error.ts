/** An operation that gave no data. `code` is the server's `extensions.code`, DISCONNECTED or TIMEOUT. */
export class OperationError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'OperationError';
    this.code = code;
  }
}

interface GraphqlError {
  message?: string;
  extensions?: { code?: unknown };
}

/** Makes one kind of error of what graphql-ws hands over: a list of GraphQL errors, a close event, an exception, nothing. */
export function toOperationError(cause: unknown): OperationError {
  if (cause instanceof OperationError) return cause;
  const first = Array.isArray(cause) ? (cause[0] as GraphqlError | undefined) : undefined;
  if (!first) return new OperationError('DISCONNECTED', 'the connection closed before the answer');
  return new OperationError(String(first.extensions?.code ?? 'INTERNAL'), first.message ?? '');
}

/** Whether the server did not take the input as such: an older one does not know newer fields and sections. */
export function isNotUnderstood(error: unknown): boolean {
  return error instanceof OperationError && error.code === 'BAD_USER_INPUT';
}
