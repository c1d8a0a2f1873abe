import { Channel } from '@muster/kit/channel';
import { maskError } from '@muster/kit/masking';
import type { FormattedExecutionResult } from 'graphql';
import type { ServiceEvent, ServiceLink } from '../links/service-link.ts';
import { type JoinOptions, joinEvent } from './join-event.ts';
import { OrderedDelivery } from './ordered-delivery.ts';

/** What a group of subscribers has in common. */
export interface GroupOptions extends JoinOptions {
  readonly link: ServiceLink;
  /** Events that may wait for one slow subscriber before it is ended. */
  readonly queueLimit: number;
  readonly onEnd: () => void;
}

/** One subscriber's events. */
export type Events = Channel<FormattedExecutionResult>;

const CONCURRENT_JOINS = 16;

/** Subscribers who see the same data share one source: opened with the first of them, closed with the last. */
export class SubscriptionGroup {
  readonly #options: GroupOptions;
  readonly #subscribers = new Set<Events>();
  #source: AsyncIterator<ServiceEvent, undefined> | undefined;
  #isOver = false;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** Adds a subscriber; leaving is ending the channel. */
  join(): Events {
    const events: Events = new Channel<FormattedExecutionResult>({
      limit: this.#options.queueLimit,
      overflow: 'fail',
      onEnd: () => {
        this.#subscribers.delete(events);
        if (this.#subscribers.size === 0) this.stop();
      },
    });
    this.#subscribers.add(events);
    return events;
  }

  /** Opens the source and delivers until it ends, fails, or nobody listens. */
  async run(): Promise<void> {
    try {
      const { link, plan, variables, context } = this.#options;
      const { operation: query, operationName, variableUsages = [] } = plan.primary;
      const used = Object.fromEntries(
        variableUsages.filter(name => name in variables).map(name => [name, variables[name]]),
      );
      this.#source = await link.subscribe({ query, variables: used, operationName }, context);
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
    for (const events of [...this.#subscribers]) events.end();
  }

  async #deliverAll(source: AsyncIterator<ServiceEvent, undefined>): Promise<void> {
    const delivery = new OrderedDelivery<FormattedExecutionResult>({
      limit: CONCURRENT_JOINS,
      deliver: result => {
        for (const events of this.#subscribers) events.push(result);
      },
    });
    let isResumed = false;
    try {
      for (let step = await source.next(); !step.done && !this.#isOver; step = await source.next()) {
        if ('isResumed' in step.value) isResumed = true;
        else {
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
    const result = await joinEvent(event, this.#options).catch(failed);
    return isResumed ? { ...result, extensions: { ...result.extensions, resumed: true } } : result;
  }

  #fail(error: unknown): void {
    if (!this.#finish()) return;
    for (const events of [...this.#subscribers]) events.fail(error);
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#options.onEnd();
    this.#source?.return?.().catch(this.#options.onDefect);
    return true;
  }
}
