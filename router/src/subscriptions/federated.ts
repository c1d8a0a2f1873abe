import type { ServiceMap } from '@apollo/gateway';
import { sharingKey } from '@muster/kit/auth/viewer';
import type { OnDefect } from '@muster/kit/masking';
import type { RouterContext } from '../context.ts';
import { type ServiceLink, unavailable } from '../links/service-link.ts';
import { type Events, SubscriptionGroup } from './group.ts';
import type { SubscriptionPlan } from './plan.ts';

/** What subscriptions are served with. */
export interface FederatedSubscriptionsOptions {
  readonly links: ReadonlyMap<string, ServiceLink>;
  readonly services: ServiceMap;
  readonly queueLimit: number;
  readonly onDefect: OnDefect;
}

/** One caller's wish to get events. */
export interface Subscribing {
  readonly plan: SubscriptionPlan;
  readonly variables: Record<string, unknown>;
  readonly context: RouterContext;
  /** Told at once when the source was lost and is back, so that events may be missing. */
  readonly onResumed?: (() => void) | undefined;
}

/** Serves subscriptions with joins over services; equal ones of callers with equal sight share one source. */
export class FederatedSubscriptions {
  readonly #options: FederatedSubscriptionsOptions;
  readonly #shared = new Map<string, SubscriptionGroup>();
  readonly #groups = new Set<SubscriptionGroup>();

  constructor(options: FederatedSubscriptionsOptions) {
    this.#options = options;
  }

  /** Number of sources that are open. */
  get size(): number {
    return this.#groups.size;
  }

  /** The caller's events; a refusal of the owning service comes out of the first pull. */
  subscribe(wish: Subscribing): Events {
    const key = keyOf(wish);
    const shared = key === undefined ? undefined : this.#shared.get(key);
    if (shared) return shared.join(wish.onResumed);
    const { plan } = wish;
    const link = this.#options.links.get(plan.owner);
    if (!link) throw unavailable(plan.owner);
    const group: SubscriptionGroup = new SubscriptionGroup({
      ...this.#options,
      ...wish,
      // the source outlives the call of the one who opened it
      context: { ...wish.context, effects: {}, credential: undefined, canKeepCookie: false },
      link,
      isShared: key !== undefined,
      onEnd: () => {
        this.#groups.delete(group);
        if (key !== undefined && this.#shared.get(key) === group) this.#shared.delete(key);
      },
    });
    this.#groups.add(group);
    if (key !== undefined) this.#shared.set(key, group);
    const events = group.join(wish.onResumed);
    void group.run();
    return events;
  }

  /** Ends every subscription. */
  stop(): void {
    for (const group of [...this.#groups]) group.stop();
  }
}

/** Equal for subscribers who may share; undefined for those who may not: replays, and devices, whose being there is told by it. */
function keyOf({ plan, variables, context }: Subscribing): string | undefined {
  if (!plan.isShareable || context.viewer.kind === 'DEVICE') return undefined;
  return JSON.stringify([sharingKey(context.viewer), plan.source, plan.operationName, variables]);
}
