/** How long to wait before attempt n (from 0): doubling from half a second to 30 s, then halved at most at random so that a fleet of consoles does not return at once. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(30_000, 500 * 2 ** attempt);
  return ceiling * (0.5 + random() / 2);
}

/** Waits the delay, or less when the browser finds its network again or the page is looked at again. */
export function waitToRetry(attempt: number): Promise<void> {
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener('online', finish);
      document.removeEventListener('visibilitychange', finishIfVisible);
      resolve();
    };
    const finishIfVisible = () => {
      if (document.visibilityState === 'visible') finish();
    };
    const timer = setTimeout(finish, retryDelay(attempt));
    addEventListener('online', finish);
    document.addEventListener('visibilitychange', finishIfVisible);
  });
}
