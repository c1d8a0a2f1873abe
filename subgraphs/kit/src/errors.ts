import { GraphQLError } from 'graphql';

/** What a code of the catalogue means to a caller, the HTTP status it carries and whether trying again can help. */
export interface ErrorMeaning {
  readonly meaning: string;
  readonly status: number;
  readonly isRetriable: boolean;
}

/** Every error code that the public graph can answer with; docs/errors.md is generated from it. */
export const errorCatalogue = {
  UNAUTHENTICATED: {
    meaning: 'The call carries no valid credential. Sign in and try again.',
    status: 401,
    isRetriable: false,
  },
  FORBIDDEN: { meaning: 'The caller is known but may not do this.', status: 403, isRetriable: false },
  NOT_FOUND: {
    meaning: 'What was named does not exist or is out of the caller’s sight.',
    status: 200,
    isRetriable: false,
  },
  BAD_USER_INPUT: {
    meaning: 'The request is malformed; `fields` names what is wrong.',
    status: 400,
    isRetriable: false,
  },
  CONFLICT: { meaning: 'What is stored contradicts the request.', status: 200, isRetriable: false },
  PRECONDITION_FAILED: {
    meaning: 'The request is right, its time is not: something else has to happen first.',
    status: 200,
    isRetriable: false,
  },
  STEP_UP_REQUIRED: { meaning: 'This needs a sign-in no older than five minutes.', status: 200, isRetriable: false },
  RATE_LIMITED: { meaning: 'Too many calls. Wait and try again.', status: 429, isRetriable: true },
  LIMIT_EXCEEDED: { meaning: 'The request is larger than the service takes.', status: 413, isRetriable: false },
  TOOL_UNAVAILABLE: { meaning: 'A connected tool does not answer.', status: 200, isRetriable: true },
  TOOL_REJECTED: { meaning: 'A connected tool refused the call.', status: 200, isRetriable: false },
  TOOL_UNEXPECTED: {
    meaning: 'A connected tool answered something that makes no sense.',
    status: 200,
    isRetriable: false,
  },
  SERVICE_UNAVAILABLE: { meaning: 'A part of Muster is down or starting.', status: 503, isRetriable: true },
  TIMEOUT: { meaning: 'The answer took too long.', status: 504, isRetriable: true },
  INTERNAL: { meaning: 'A defect in Muster; the log has the request id.', status: 500, isRetriable: false },
} as const satisfies Record<string, ErrorMeaning>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** One wrong part of an input: its path (`input.email`) and what is wrong with it, in words for people. */
export interface FieldProblem {
  readonly path: string;
  readonly problem: string;
}

/** What an error says beside code and words. */
export interface AppErrorOptions {
  readonly fields?: readonly FieldProblem[];
  /** When trying again can help. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error that callers are meant to see: its message and code reach them, its cause never does. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly extensions: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.extensions = {
      code,
      isRetriable: errorCatalogue[code].isRetriable,
      ...(options.fields && { fields: options.fields }),
      ...(options.retryAfterSeconds !== undefined && { retryAfterSeconds: options.retryAfterSeconds }),
    };
  }
}

/** Says what is wrong with which input field; nothing has changed when it is thrown. */
export function badInput(path: string, problem: string): AppError {
  return new AppError('BAD_USER_INPUT', `${path}: ${problem}`, { fields: [{ path, problem }] });
}

/** True for a string that is a code of the catalogue. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCatalogue, code);
}

/** The catalogue's error behind anything thrown, or undefined where it is a defect. */
export function findAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof GraphQLError && error.originalError) return findAppError(error.originalError);
  return undefined;
}
