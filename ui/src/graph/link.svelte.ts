/** How the live connection is: `idle` before sign-in, `offline` after several failed attempts or without a network. */
export type LinkState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline';

const attemptsUntilOffline = 4;

/** What the console knows about its live connection; every page reads it, only the socket writes it. */
class Link {
  state = $state<LinkState>('idle');
  /** Grows with every established connection: whatever is on screen is read again when it changes. */
  epoch = $state(0);
  /** When live updates stopped; undefined while they flow. */
  since = $state<number>();

  connected(): void {
    this.state = 'live';
    this.since = undefined;
    this.epoch += 1;
  }

  connecting(attempt: number): void {
    this.since ??= Date.now();
    if (attempt === 0 && this.epoch === 0) this.state = 'connecting';
    else this.state = attempt >= attemptsUntilOffline || !navigator.onLine ? 'offline' : 'reconnecting';
  }

  closed(): void {
    this.since ??= Date.now();
    this.state = navigator.onLine ? 'reconnecting' : 'offline';
  }

  reset(): void {
    this.state = 'idle';
    this.since = undefined;
    this.epoch = 0;
  }
}

/** The one link of this page. */
export const link = new Link();
