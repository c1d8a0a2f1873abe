import type { Log } from './log.ts';

/** Runs the work again and again, `milliseconds` after the last run ended; disposing waits for a run in progress. */
export function every(milliseconds: number, work: () => Promise<void>, log: Log): AsyncDisposable {
  let isOver = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = work()
        .catch(error => log.warn({ err: error }, 'periodic work failed'))
        .then(() => {
          if (!isOver) schedule();
        });
    }, milliseconds).unref();
  };
  schedule();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      clearTimeout(timer);
      await running;
    },
  };
}
