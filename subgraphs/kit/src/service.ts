import type { Subgraph } from './federation.ts';
import type { Log } from './log.ts';

/** A subgraph that runs: its schema answers, its stores are open, disposing it ends everything in order. */
export interface Service extends Subgraph, AsyncDisposable {
  /** Throws while the service's own store does not answer. */
  checkReady(): Promise<void>;
}

/** What every service is given besides its own settings. */
export interface ServiceBase {
  readonly log: Log;
}
