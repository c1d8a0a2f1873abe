/** Facts of one log line; never tokens, scripts or output. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Writes one JSON line per event. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A log on any line sink; the process's own goes to stderr. */
export function createLog(write: (line: string) => void = writeToStderr): Log {
  const at = (level: string) => (message: string, fields?: LogFields) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Words of any thrown value, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}
