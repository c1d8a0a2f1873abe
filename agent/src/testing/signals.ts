import type { DeviceSignal } from '../operations.ts';

/** Fans signals out to open subscriptions; each begins with COMMANDS_WAITING, as the real server's does. */
export class Signals {
  readonly #open = new Set<(signal: DeviceSignal) => void>();

  /** How many devices are present. */
  get count(): number {
    return this.#open.size;
  }

  emit(signal: DeviceSignal): void {
    for (const push of this.#open) push(signal);
  }

  open(): AsyncIterableIterator<{ deviceSignals: DeviceSignal }> {
    const queue: DeviceSignal[] = [{ kind: 'COMMANDS_WAITING', commandId: null }];
    let wake = () => {};
    let isDone = false;
    const push = (signal: DeviceSignal) => {
      queue.push(signal);
      wake();
    };
    const end = async () => {
      isDone = true;
      this.#open.delete(push);
      wake();
      return { done: true as const, value: undefined };
    };
    this.#open.add(push);
    return {
      next: async () => {
        while (!isDone && queue.length === 0) {
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
        const signal = queue.shift();
        return isDone || !signal ? end() : { done: false, value: { deviceSignals: signal } };
      },
      return: end,
      throw: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
