import { HeaderMap } from '@apollo/server';
import { AppError, errorCatalogue } from '@muster/kit/errors';
import { maskError, type OnDefect } from '@muster/kit/masking';
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';

/** A refusal as Apollo Server wants it thrown: with the HTTP status that its code has in the catalogue. */
export function withStatus(error: AppError): GraphQLError {
  const { status } = errorCatalogue[error.code];
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...error.extensions, http: { status, headers: retryHeaders(error) } },
  });
}

function retryHeaders({ extensions: { retryAfterSeconds } }: AppError): HeaderMap {
  return new HeaderMap(retryAfterSeconds === undefined ? [] : [['retry-after', String(retryAfterSeconds)]]);
}

/** A result of the gateway's executor as callers may see it. */
export function toPublicResult(result: ExecutionResult, onDefect: OnDefect): FormattedExecutionResult {
  const errors = (result.errors ?? []).map(error => maskError(error, onDefect));
  return withMissingObjects({ ...result, errors });
}

/** What graphql says of a wrong name, without the right ones that are like it: who is not signed in reads no schema. */
export function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean .*\?$/s, '');
}

/** Of a document that is too large nothing else is told: what it is made of is not worth an error each. */
export function withLimitsOnly(result: FormattedExecutionResult): FormattedExecutionResult {
  if (!result.errors || result.data) return result;
  const limits = result.errors.filter(error => error.extensions?.code === 'LIMIT_EXCEEDED');
  return limits.length > 0 ? { ...result, errors: limits } : result;
}

/**
 * The gateway tells of nulls that bubbled up through joined objects in an extension only. Callers get them as errors:
 * what was joined is gone, or out of their sight.
 */
export function withMissingObjects(result: FormattedExecutionResult): FormattedExecutionResult {
  const { extensions, errors = [], ...rest } = result;
  const { valueCompletion, ...otherExtensions } = extensions ?? {};
  const missing = ((valueCompletion ?? []) as GraphQLFormattedError[]).map(({ path }) => missingAt(path));
  const all = [...errors, ...missing];
  return {
    ...rest,
    ...(all.length > 0 && { errors: all }),
    ...(Object.keys(otherExtensions).length > 0 && { extensions: otherExtensions }),
  };
}

function missingAt(path: GraphQLFormattedError['path']): GraphQLFormattedError {
  const { message, extensions } = new AppError(
    'NOT_FOUND',
    'What is joined here does not exist or is out of your sight.',
  );
  return { message, extensions, ...(path && { path }) };
}
