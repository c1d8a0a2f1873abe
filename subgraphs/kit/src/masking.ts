import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isStoreAway } from './database/store-away.ts';
import { AppError, errorCatalogue, findAppError, isErrorCode } from './errors.ts';

/** Codes of GraphQL and Apollo Server that callers cause themselves, and what the catalogue calls them. */
const FOREIGN_CODES: Record<string, keyof typeof errorCatalogue> = {
  GRAPHQL_PARSE_FAILED: 'BAD_USER_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_USER_INPUT',
};

/** Told of every error whose text must not reach a caller. */
export type OnDefect = (error: unknown) => void;

/** Turns anything thrown into what a caller may see: a catalogue code, words, a path, and nothing of the inside. */
export function maskError(error: unknown, onDefect: OnDefect = () => {}): GraphQLFormattedError {
  const known = findAppError(error);
  if (known) return shape(known.message, known.extensions, error);
  const extensions = error instanceof GraphQLError ? error.extensions : {};
  const code = extensions.code;
  if (isErrorCode(code) && error instanceof GraphQLError) return shape(error.message, keepPublic(extensions), error);
  const foreign = typeof code === 'string' ? FOREIGN_CODES[code] : undefined;
  const isCallersFault = error instanceof GraphQLError && (foreign !== undefined || isAboutRequest(error));
  if (isCallersFault) return shape(error.message, { code: foreign ?? 'BAD_USER_INPUT', isRetriable: false }, error);
  onDefect(error);
  if (isStoreAway(error))
    return shape('The database does not answer.', { code: 'SERVICE_UNAVAILABLE', isRetriable: true }, error);
  return shape('Something went wrong inside Muster.', { code: 'INTERNAL', isRetriable: false }, error);
}

/** The same for a formatted error that another service answered: unknown codes become INTERNAL without their text. */
export function maskFormatted(error: GraphQLFormattedError, onDefect: OnDefect = () => {}): GraphQLFormattedError {
  const code = error.extensions?.code;
  if (isErrorCode(code)) return { ...error, extensions: keepPublic(error.extensions ?? {}) };
  onDefect(error);
  const { path, locations } = error;
  const message = 'Something went wrong inside Muster.';
  return {
    message,
    ...(path && { path }),
    ...(locations && { locations }),
    extensions: { code: 'INTERNAL', isRetriable: false },
  };
}

/** What graphql itself finds in a document or its variables: no code, no path in an answer, nobody else's error inside. */
function isAboutRequest({ extensions, path, originalError }: GraphQLError): boolean {
  const isOfGraphql = originalError === undefined || originalError instanceof GraphQLError;
  return extensions.code === undefined && path === undefined && isOfGraphql;
}

function keepPublic(extensions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { code, isRetriable, fields, retryAfterSeconds, service, requestId } = extensions;
  const isKnown = isErrorCode(code);
  return {
    code,
    isRetriable: isRetriable ?? (isKnown && errorCatalogue[code].isRetriable),
    ...(fields !== undefined && { fields }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(service !== undefined && { service }),
    ...(requestId !== undefined && { requestId }),
  };
}

function shape(message: string, extensions: Record<string, unknown>, error: unknown): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return { message, extensions };
  return {
    message,
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
    extensions,
  };
}

/** Throws the catalogue's error unless the condition holds. */
export function ensure(condition: unknown, error: () => AppError): asserts condition {
  if (!condition) throw error();
}
