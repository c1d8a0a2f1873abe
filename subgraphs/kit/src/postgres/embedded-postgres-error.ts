/** What kept the embedded PostgreSQL from running. */
export type EmbeddedPostgresProblem =
  | 'binaries-missing'
  | 'musl'
  | 'no-unprivileged-user'
  | 'no-place'
  | 'locked'
  | 'password-missing'
  | 'initdb-failed'
  | 'port-in-use'
  | 'start-failed';

/** A start that failed for a reason its reader can act on: the message says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly problem: EmbeddedPostgresProblem;

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
