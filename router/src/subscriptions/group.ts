import { Channel } from '@muster/kit/channel';
import { maskError } from '@muster/kit/masking';
import type { FormattedExecutionResult } from 'graphql';
import type { ServiceEvent, ServiceLink, ServiceSubscription } from '../links/service-link.ts';
import { type JoinOptions, joinEvent } from './join-event.ts';
import { OrderedDelivery } from './ordered-delivery.ts';

/** What a group of subscribers has in common. */
export interface GroupOptions extends JoinOptions {
  readonly link: ServiceLink;
  /** Events that may wait for one slow subscriber: of a shared source it is ended then, its own source is paused before. */
  readonly queueLimit: number;
  readonly isShared: boolean;
  readonly onEnd: () => void;
}

/** One subscriber's events. */
export type Events = Channel<FormattedExecutionResult>;

const CONCURRENT_JOINS = 16;

/** Subscribers who see the same data share one source: opened with the first of them, closed with the last. */
export class SubscriptionGroup {
  readonly #options: GroupOptions;
  readonly #subscribers = new Map<Events, (() => void) | undefined>();
  #source: AsyncIterator<ServiceEvent, undefined> | undefined;
  #isOver = false;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** Adds a subscriber; leaving is ending the channel. */
  join(onResumed?: () => void): Events {
    const events: Events = new Channel<FormattedExecutionResult>({
      limit: this.#options.queueLimit,
      overflow: 'fail',
      onEnd: () => {
        this.#subscribers.delete(events);
        if (this.#subscribers.size === 0) this.stop();
      },
    });
    this.#subscribers.set(events, onResumed);
    return events;
  }

  /** Opens the source and delivers until it ends, fails, or nobody listens. */
  async run(): Promise<void> {
    try {
      this.#source = await this.#options.link.subscribe(this.#request(), this.#options.context);
      if (this.#isOver) await this.#source.return?.();
      else await this.#deliverAll(this.#source);
      this.stop();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the source and every subscriber. */
  stop(): void {
    if (!this.#finish()) return;
    for (const events of [...this.#subscribers.keys()]) events.end();
  }

  #request(): ServiceSubscription {
    const { plan, variables } = this.#options;
    const { operation, operationName, variableUsages = [] } = plan.primary;
    const used = Object.fromEntries(
      variableUsages.filter(name => name in variables).map(name => [name, variables[name]]),
    );
    const { continuation } = plan;
    return {
      query: continuation?.operation ?? operation,
      variables: used,
      operationName,
      continueAfter: continuation && (event => continuation.after(event, used)),
    };
  }

  /** The next event, for which a source of one reader waits until that reader has caught up halfway. */
  async #pull(source: AsyncIterator<ServiceEvent, undefined>): Promise<IteratorResult<ServiceEvent, undefined>> {
    const [only] = this.#subscribers.keys();
    if (!this.#options.isShared) await only?.drainedTo(Math.floor(this.#options.queueLimit / 2));
    return source.next();
  }

  async #deliverAll(source: AsyncIterator<ServiceEvent, undefined>): Promise<void> {
    const delivery = new OrderedDelivery<FormattedExecutionResult>({
      limit: CONCURRENT_JOINS,
      deliver: result => {
        for (const events of this.#subscribers.keys()) events.push(result);
      },
    });
    let isResumed = false;
    try {
      for (let step = await this.#pull(source); !step.done && !this.#isOver; step = await this.#pull(source)) {
        if ('isResumed' in step.value) {
          isResumed = true;
          for (const onResumed of this.#subscribers.values()) onResumed?.();
        } else {
          await delivery.add(this.#join(step.value, isResumed));
          isResumed = false;
        }
      }
    } finally {
      await delivery.drained();
    }
  }

  /** Never rejects: an event that cannot be joined is an event with an error. */
  async #join(event: FormattedExecutionResult, isResumed: boolean): Promise<FormattedExecutionResult> {
    const failed = (error: unknown): FormattedExecutionResult => ({
      data: null,
      errors: [maskError(error, this.#options.onDefect)],
    });
    const asked = this.#options.plan.continuation?.strip(event) ?? event;
    const result = await joinEvent(asked, this.#options).catch(failed);
    return isResumed ? { ...result, extensions: { ...result.extensions, resumed: true } } : result;
  }

  #fail(error: unknown): void {
    if (!this.#finish()) return;
    for (const events of [...this.#subscribers.keys()]) events.fail(error);
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#options.onEnd();
    this.#source?.return?.().catch(this.#options.onDefect);
    return true;
  }
}
