import type { CombinedError } from '@urql/core';

/** What a person can do about a problem; the console turns it into one button, or none. */
export type ProblemAction = 'retry' | 'sign-in' | 'correct' | 'wait' | 'ask' | 'reload' | 'report';

interface Entry {
  readonly text: string;
  readonly action: ProblemAction;
}

/** What each code of the graph's catalogue means to the person in front of the console; NETWORK is ours: no answer at all. */
export const errorTable = {
  NETWORK: {
    text: 'Muster cannot be reached. Check your connection, or wait until the server is back.',
    action: 'retry',
  },
  UNAUTHENTICATED: { text: 'Your session has ended. Sign in again to go on.', action: 'sign-in' },
  FORBIDDEN: { text: 'You may not do this. An owner can give you the permission.', action: 'ask' },
  NOT_FOUND: { text: 'This does not exist, or you may not see it.', action: 'ask' },
  BAD_USER_INPUT: { text: 'Something in the form is not right.', action: 'correct' },
  CONFLICT: { text: 'This was changed in the meantime. Reload to see how it is now.', action: 'reload' },
  PRECONDITION_FAILED: { text: 'This is not possible in the present state.', action: 'reload' },
  STEP_UP_REQUIRED: { text: 'This needs a fresh sign-in. Sign in again and repeat it.', action: 'sign-in' },
  RATE_LIMITED: { text: 'Too many calls in a short time. Wait a moment and try again.', action: 'wait' },
  LIMIT_EXCEEDED: { text: 'This is more than the server takes at once. Make it smaller.', action: 'correct' },
  TOOL_UNAVAILABLE: { text: 'A connected tool does not answer at the moment.', action: 'retry' },
  TOOL_REJECTED: { text: 'A connected tool refused the call. Check its credentials.', action: 'ask' },
  TOOL_UNEXPECTED: { text: 'A connected tool gave an answer that Muster does not understand.', action: 'report' },
  SERVICE_UNAVAILABLE: { text: 'A part of Muster is down or starting. It usually returns by itself.', action: 'retry' },
  TIMEOUT: { text: 'The answer took too long.', action: 'retry' },
  INTERNAL: { text: 'Muster made a mistake. The server log has the details.', action: 'report' },
} as const satisfies Record<string, Entry>;

/** A code that the console knows. */
export type ProblemCode = keyof typeof errorTable;

/** A failed operation in words for people; `detail` is the server's own sentence where it adds something. */
export interface Problem {
  readonly code: ProblemCode;
  readonly text: string;
  readonly action: ProblemAction;
  readonly detail: string | undefined;
  /** Input path without the leading `input.` → what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;
  readonly requestId: string | undefined;
}

interface GraphErrorLike {
  readonly message: string;
  readonly extensions?: Record<string, unknown> | undefined;
}

// For these the server's sentence says which rule was hit; for the others it repeats the table.
const detailedCodes: readonly ProblemCode[] = [
  'FORBIDDEN',
  'RATE_LIMITED',

  'BAD_USER_INPUT',
  'CONFLICT',
  'PRECONDITION_FAILED',
  'LIMIT_EXCEEDED',
  'TOOL_REJECTED',
];

function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

// The graph says `is longer than 12 characters` of a path; beside its field it stands as a sentence.
function toSentence(problem: string): string {
  const text = /^[a-z]/.test(problem) ? `This ${problem}` : problem;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function toFields(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return {};
  const fields: Record<string, string> = {};
  for (const { path, problem } of value as { path?: unknown; problem?: unknown }[]) {
    if (typeof path === 'string' && typeof problem === 'string')
      fields[path.replace(/^input\./, '')] ??= toSentence(problem);
  }
  return fields;
}

/** The problem behind one error of an answer; an unknown code counts as INTERNAL. */
export function toProblem(error: GraphErrorLike): Problem {
  const code = isProblemCode(error.extensions?.code) ? error.extensions.code : 'INTERNAL';
  const requestId = error.extensions?.requestId;
  return {
    code,
    ...errorTable[code],
    detail: detailedCodes.includes(code) ? error.message : undefined,
    fields: toFields(error.extensions?.fields),
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}

/** The problem of an operation that got no answer at all. */
export function networkProblem(): Problem {
  return { code: 'NETWORK', ...errorTable.NETWORK, detail: undefined, fields: {}, requestId: undefined };
}

/** The first problem of a failed operation. */
export function problemOf(error: Pick<CombinedError, 'graphQLErrors'>): Problem {
  const [first] = error.graphQLErrors;
  return first ? toProblem(first) : networkProblem();
}

/** Problems by the form's own field names: `scopes.0.siteId` counts for `scopes`, and aliases say where a part of the input is shown. */
export function formFields(
  problem: Problem,
  aliases: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [path, text] of Object.entries(problem.fields)) {
    const field = path.split('.')[0] ?? path;
    fields[aliases[field] ?? field] ??= text;
  }
  return fields;
}
