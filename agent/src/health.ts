import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const everyMs = 60_000;
/** A loaded machine may be late with one of them. */
const staleMs = 150_000;

/** Says each minute, by the file `health` in the data folder, that the agent is alive, and how its connection is. */
export class Health {
  readonly #path: string;
  readonly #phase: () => string;
  readonly #timer: NodeJS.Timeout;

  constructor(dataDir: string, phase: () => string, periodMs = everyMs) {
    this.#path = healthPath(dataDir);
    this.#phase = phase;
    this.#timer = setInterval(() => this.#touch(), periodMs);
    this.#touch();
  }

  close(): void {
    clearInterval(this.#timer);
    rmSync(this.#path, { force: true });
  }

  #touch(): void {
    try {
      writeFileSync(this.#path, `${this.#phase()}\n`, { mode: 0o600 });
    } catch {
      // A full disk: whoever looks sees that the file is old, which is the truth about this agent.
    }
  }
}

/** Whether an agent on this data folder was alive in the last minutes. */
export function checkHealth(dataDir: string): boolean {
  const touchedAt = statSync(healthPath(dataDir), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.abs(Date.now() - touchedAt) < staleMs;
}

function healthPath(dataDir: string): string {
  return join(dataDir, 'health');
}
