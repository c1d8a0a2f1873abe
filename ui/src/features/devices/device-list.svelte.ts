import { untrack } from 'svelte';
import { fetchOnce } from '#graph/client.ts';
import type { Problem } from '#graph/errors.ts';
import { link } from '#graph/link.svelte.ts';
import { live } from '#graph/live.ts';
import { DeviceStore } from './device-store.ts';
import { compareInView, type DeviceView, isInView, variablesOfView } from './device-view.ts';
import { type DeviceChange, type DeviceRow, deviceChangedSubscription, devicesQuery } from './devices.ts';

const pageSize = 100;
const rereadMilliseconds = 1000;

/** A device list that stays as the address says and as the fleet is: pages on demand, changes live. */
export class DeviceList {
  readonly view: DeviceView;
  readonly store: DeviceStore<DeviceRow>;
  isLoaded = $state(false);
  isLoading = $state(false);
  problem = $state.raw<Problem>();
  #endCursor: string | null = null;
  #rereadTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(view: DeviceView) {
    this.view = view;
    this.store = new DeviceStore<DeviceRow>({
      compare: compareInView(view),
      matches: row => isInView(view, row),
    });
  }

  /** Listens and reads; the returned function ends both. */
  open(): () => void {
    const stop = live.subscribe(
      // Without the status: a device that leaves the filter must be heard of, too.
      { document: deviceChangedSubscription, variables: () => ({}) },
      { next: ({ deviceChanged }) => this.#take(deviceChanged) },
    );
    return () => {
      this.#isClosed = true;
      clearTimeout(this.#rereadTimer);
      stop();
    };
  }

  /** Reads everything that is loaded once more, or the first page. */
  async reload(): Promise<void> {
    const wanted = Math.max(pageSize, Math.ceil(this.store.rows.length / pageSize) * pageSize);
    const rows: DeviceRow[] = [];
    let page = await this.#fetch(null);
    while (page) {
      rows.push(...page.nodes);
      if (rows.length >= wanted || !page.pageInfo.hasNextPage) break;
      page = await this.#fetch(page.pageInfo.endCursor);
    }
    if (!page) return;
    this.#endCursor = page.pageInfo.endCursor;
    this.store.replace({ rows, total: page.totalCount, hasMore: page.pageInfo.hasNextPage });
    this.isLoaded = true;
  }

  /** Reads the next page, unless one is on its way. */
  async loadMore(): Promise<void> {
    if (this.isLoading || !this.store.hasMore) return;
    const page = await this.#fetch(this.#endCursor);
    if (!page) return;
    this.#endCursor = page.pageInfo.endCursor;
    this.store.append({ rows: page.nodes, total: page.totalCount, hasMore: page.pageInfo.hasNextPage });
  }

  async #fetch(after: string | null) {
    this.isLoading = true;
    const { data, problem } = await fetchOnce(devicesQuery, { first: pageSize, after, ...variablesOfView(this.view) });
    if (this.#isClosed) return undefined;
    this.isLoading = false;
    this.problem = problem;
    return data?.devices;
  }

  // Only the server knows whether a device that is not loaded matches the words of a search.
  #take({ device }: DeviceChange): void {
    if (this.view.search && !this.store.has(device.id)) this.#rereadSoon();
    else this.store.apply(device);
  }

  #rereadSoon(): void {
    this.#rereadTimer ??= setTimeout(() => {
      this.#rereadTimer = undefined;
      void this.reload();
    }, rereadMilliseconds);
  }
}

/** The list for the view of the moment, and whether it is still the one before it; read again after every reconnection. */
export function useDeviceList(view: () => DeviceView) {
  const key = $derived(JSON.stringify(view()));
  const asked = $derived(new DeviceList(JSON.parse(key) as DeviceView));
  let answered = $state.raw<DeviceList>();

  $effect(() => asked.open());
  $effect(() => {
    void link.epoch;
    const list = asked;
    untrack(() => void list.reload());
  });
  $effect(() => {
    if (asked.isLoaded) answered = asked;
  });

  return {
    /** What to show: the list before it, until the one asked for is there. */
    get shown() {
      return asked.isLoaded ? asked : (answered ?? asked);
    },
    /** What was asked for. */
    get asked() {
      return asked;
    },
  };
}
