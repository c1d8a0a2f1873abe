import type { DeviceSignal } from '../operations.ts';

/** Fans signals out to open subscriptions; each begins with COMMANDS_WAITING, as the real server's does. */
export class Signals {
  /** By what they push with, the device that listens. */
  readonly #open = new Map<(signal: DeviceSignal) => void, string>();

  /** How many devices are present. */
  get count(): number {
    return this.#open.size;
  }

  /** Tells one device, or all where none is named. */
  emit(signal: DeviceSignal, deviceId?: string): void {
    for (const [push, listener] of this.#open) if (deviceId === undefined || deviceId === listener) push(signal);
  }

  open(deviceId = ''): AsyncIterableIterator<{ deviceSignals: DeviceSignal }> {
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
    this.#open.set(push, deviceId);
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
