import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { GroupedWork } from '@muster/kit/grouped-work';
import { newId } from '@muster/kit/ids';
import type { Events, Signal } from '../events.ts';
import { type PresenceChange, type PresenceNews, PresenceStore } from './presence-store.ts';
import { readWaiting } from './waiting-signals.ts';

/** How patient presence is. */
export interface PresenceTimes {
  /** An agent that is away this long needs attention. */
  readonly overdueAfterSeconds: number;
  /** Agents of a process that has vanished count as connected for this long: most of them are back by then. */
  readonly graceSeconds: number;
}

/** What an agent says of itself now and then. */
export interface PresenceReport {
  /** The device's own clock. */
  readonly agentTime: Date;
  readonly bootedAt: Date | null;
  readonly agentVersion: string | null;
}

/** What became of a stream that opened or closed. */
interface Outcome {
  readonly isAdmitted: boolean;
  readonly waiting: readonly Signal[];
}

const MAX_BATCH = 5_000;
const MAX_WAITING = 100_000;
/** Sweeps between two notes that the connected are still there. */
const SWEEPS_PER_SIGHTING = 6;

/**
 * The one owner of who is connected: an agent's open signal stream is its presence, and each change is pushed. All
 * streams that open or close in one turn are stored together. Each process signs what it holds, so that another, or
 * the same after a restart, knows whose agents are gone.
 */
export class Presence {
  readonly #database: Database;
  readonly #store: PresenceStore;
  readonly #events: Events;
  readonly #times: PresenceTimes;
  /** Open streams per device: an agent may be back before its old socket is known to be dead. */
  readonly #streams = new Map<string, { count: number; remoteAddress: string | null }>();
  readonly #changes: GroupedWork<string, Outcome>;
  readonly #reports: GroupedWork<PresenceNews, boolean>;
  #sweeps = 0;

  constructor(database: Database, events: Events, times: PresenceTimes) {
    this.#database = database;
    this.#store = new PresenceStore(database, newId());
    this.#events = events;
    this.#times = times;
    const limits = { maxBatch: MAX_BATCH, maxWaiting: MAX_WAITING };
    this.#changes = new GroupedWork({ ...limits, work: ids => this.#storeStreams(ids) });
    this.#reports = new GroupedWork({ ...limits, work: news => this.#storeNews(news) });
  }

  /** Begins to sign, and parts with agents of processes that are long gone. */
  async start(): Promise<void> {
    await this.#store.sign();
    this.#tell(await this.#store.releaseOrphans(this.#times.graceSeconds));
  }

  /** The device's stream opened: it is online from here on. Answers what waits for it; FORBIDDEN where it is cut off. */
  async connect({ viewer, remoteAddress }: RequestContext): Promise<readonly Signal[]> {
    const { count } = this.#streams.get(viewer.id) ?? { count: 0 };
    this.#streams.set(viewer.id, { count: count + 1, remoteAddress: remoteAddress ?? null });
    try {
      const { isAdmitted, waiting } = await this.#changes.do(viewer.id);
      if (!isAdmitted) throw new AppError('FORBIDDEN', 'This device is cut off.');
      return waiting;
    } catch (error) {
      this.#close(viewer.id);
      throw error;
    }
  }

  /** The device's stream closed; it is offline unless another one is open. */
  async disconnect(deviceId: string): Promise<void> {
    if (this.#close(deviceId) === 0) await this.#changes.do(deviceId);
  }

  /** Notes what an agent says of itself; FORBIDDEN where it is cut off. */
  async report(deviceId: string, { agentTime, bootedAt, agentVersion }: PresenceReport): Promise<void> {
    const clockSkewSeconds = (agentTime.getTime() - Date.now()) / 1000;
    const isKnown = await this.#reports.do({ deviceId, clockSkewSeconds, bootedAt, agentVersion });
    if (!isKnown) throw new AppError('FORBIDDEN', 'This device is cut off.');
  }

  /** Signs again, and notes who has been away for too long and whose process is gone. */
  async sweep(): Promise<void> {
    await this.#store.sign();
    if (this.#sweeps++ % SWEEPS_PER_SIGHTING === 0) await this.#store.sight([...this.#streams.keys()]);
    this.#tell(await this.#store.releaseOrphans(this.#times.graceSeconds));
    this.#tell(await this.#store.markOverdue(this.#times.overdueAfterSeconds));
  }

  /** Resolves once every change is stored; whoever is still connected belongs to nobody from here on. */
  async stop(): Promise<void> {
    await Promise.allSettled([this.#changes.settle(), this.#reports.settle()]);
    await this.#store.signOff().catch(() => {});
  }

  #close(deviceId: string): number {
    const stream = this.#streams.get(deviceId);
    const count = Math.max((stream?.count ?? 0) - 1, 0);
    if (stream && count > 0) this.#streams.set(deviceId, { ...stream, count });
    else this.#streams.delete(deviceId);
    return count;
  }

  /** What counts is how many streams are open now, not in which order they came and went. */
  async #storeStreams(ids: readonly string[]): Promise<Outcome[]> {
    const all = [...new Set(ids)];
    const here = all.filter(id => this.#streams.has(id));
    const connected = await this.#store.connect(
      here.map(id => ({ id, remoteAddress: this.#streams.get(id)?.remoteAddress ?? null })),
    );
    this.#tell(connected.changes);
    this.#tell(await this.#store.disconnect(all.filter(id => !this.#streams.has(id))));
    const waiting = await readWaiting(this.#database, connected.ids);
    const admitted = new Set(connected.ids);
    const isRefused = new Set(here.filter(id => !admitted.has(id)));
    return ids.map(id => ({ isAdmitted: !isRefused.has(id), waiting: waiting.get(id) ?? [] }));
  }

  async #storeNews(news: readonly PresenceNews[]): Promise<boolean[]> {
    const { ids, changes } = await this.#store.note([...new Map(news.map(one => [one.deviceId, one])).values()]);
    this.#tell(changes);
    const known = new Set(ids);
    return news.map(({ deviceId }) => known.has(deviceId));
  }

  #tell(changes: readonly PresenceChange[]): void {
    for (const change of changes) this.#events.deviceChanged({ ...change, kind: 'PRESENCE' });
  }
}
