/** Exit code of a stack that cannot start because something it needs is not there (EX_UNAVAILABLE of sysexits.h). */
export const EXIT_UNAVAILABLE = 69;

/** Why the stack does not start, in words for whoever started it; nothing has been changed. */
export class StartError extends Error {
  readonly code: 'SERVICE_UNAVAILABLE' | 'CONFLICT' | 'PRECONDITION_FAILED';

  constructor(code: StartError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
  }
}
