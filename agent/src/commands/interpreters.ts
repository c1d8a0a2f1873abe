import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

export type Shell = 'SH' | 'BASH' | 'PYTHON3' | 'NODE' | 'PWSH';

interface Interpreter {
  readonly program: string;
  readonly flags: readonly string[];
  /** Name of the script file: some interpreters insist on an ending. */
  readonly scriptName: string;
}

/** How each shell of the API is run. python3 writes unbuffered, else its output would not be live. */
export const interpreters: Readonly<Record<Shell, Interpreter>> = {
  SH: { program: 'sh', flags: [], scriptName: 'script.sh' },
  BASH: { program: 'bash', flags: [], scriptName: 'script.sh' },
  PYTHON3: { program: 'python3', flags: ['-u'], scriptName: 'script.py' },
  NODE: { program: 'node', flags: [], scriptName: 'script.js' },
  PWSH: { program: 'pwsh', flags: ['-NoProfile', '-NonInteractive', '-File'], scriptName: 'script.ps1' },
};

/** The full path of a program in a PATH, or null where it is not installed. */
export function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(':').filter(Boolean)) {
    const candidate = join(folder, name);
    if (isProgram(candidate)) return candidate;
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
