import type { Clock } from '../../src/clock.ts';
import { isCommandId, verifyCommand } from '../../src/commands/envelope.ts';
import type { Outbox } from '../../src/commands/outbox.ts';
import { LateReport, refusal } from '../../src/commands/reporting.ts';
import { maxRunning } from '../../src/commands/runner.ts';
import type { Enrolled } from '../../src/identity.ts';
import type { Finished, LeasedCommand } from '../../src/operations.ts';
import type { SimulatorConfig } from './config.ts';
import { SimulatedCommand } from './simulated-command.ts';
import type { Tally } from './tally.ts';

export interface RunnerOptions {
  readonly config: SimulatorConfig;
  readonly enrolled: Enrolled;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly outbox: Outbox;
  readonly onFree: () => void;
}

/** The commands of one simulated device: the rules of the real runner, with a journal that ends with the process. */
export class SimulatedRunner {
  readonly #options: RunnerOptions;
  readonly #commands = new Map<string, SimulatedCommand>();
  /** How commands ended that are over: they never run again. */
  readonly #journal = new Map<string, Finished | null>();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** How many commands may be asked for now. */
  get free(): number {
    let running = 0;
    for (const command of this.#commands.values()) if (command.isRunning) running++;
    return maxRunning - running;
  }

  /** Takes a handed-out command; one that is known already only reports again. */
  async accept(leased: LeasedCommand): Promise<void> {
    const { enrolled, clock, tally } = this.#options;
    const { id } = leased;
    const known = this.#commands.get(id);
    if (known || this.#journal.has(id)) tally.redelivered++;
    if (known) return known.confirm();
    if (this.#journal.has(id)) return this.#tellEnd(id, this.#journal.get(id) ?? this.#refusal('it is over'));
    const { job, refusal: reason } = verifyCommand(leased, { ...enrolled, now: clock.now() });
    if (job) return this.#start(new SimulatedCommand(job, this.#pretence(id)));
    tally.refused++;
    if (isCommandId(id)) this.#tellEnd(id, this.#refusal(reason));
  }

  cancel(id: string): void {
    this.#commands.get(id)?.end('CANCELLED');
  }

  /** Ends everything without a word, as a power cut does. */
  close(): void {
    for (const command of this.#commands.values()) command.abandon();
  }

  #start(command: SimulatedCommand): void {
    this.#commands.set(command.id, command);
    this.#options.outbox.add(command);
  }

  #pretence(id: string) {
    const { config, clock, tally, outbox, onFree } = this.#options;
    return {
      chunks: config.chunks,
      commandMs: config.commandMs,
      tally,
      iso: () => clock.iso(),
      onNews: () => outbox.wake(),
      onEnd: onFree,
      onForgotten: (finished: Finished | null) => {
        tally.commandsFinished++;
        this.#journal.set(id, finished);
        this.#commands.delete(id);
      },
    };
  }

  #tellEnd(id: string, finished: Finished): void {
    this.#options.outbox.add(new LateReport(id, finished));
  }

  #refusal(reason: string): Finished {
    return refusal(reason, this.#options.clock.iso());
  }
}
