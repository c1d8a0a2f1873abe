import { createSubscriber } from 'svelte/reactivity';

/** The server's time as far as this browser knows it; whoever shows it is shown a new one each second. */
class Clock {
  #offset = 0;
  readonly #subscribe = createSubscriber(update => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Milliseconds since 1970, by the server's clock. */
  get now(): number {
    this.#subscribe();
    return Date.now() + this.#offset;
  }

  /** Takes the server's clock as the right one. */
  synchronise(serverTime: string): void {
    const at = Date.parse(serverTime);
    if (Number.isFinite(at)) this.#offset = at - Date.now();
  }
}

/** The one clock of this page. */
export const clock = new Clock();
