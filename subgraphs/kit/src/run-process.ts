import { ConfigError, EXIT_CONFIG } from './config.ts';
import { AppError } from './errors.ts';

/**
 * Runs the work of a process: what is wrong with its configuration or surroundings is told in plain words, without a
 * stack, and the exit code says which of the two it is.
 */
export async function runProcess(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof AppError;
    process.stderr.write(`${isExpected ? error.message : describe(error)}\n`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}

/** Resolves when this process is told to end. */
export function untilStopped(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
