import type { CallFacts } from '@muster/kit/auth/identity';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { SessionEffect } from '@muster/kit/context';
import { AppError } from '@muster/kit/errors';
import type { FormattedExecutionResult } from 'graphql';

/** One operation for a service. */
export interface ServiceRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
}

/** A subscription for a service. */
export interface ServiceSubscription extends ServiceRequest {
  /** What goes on exactly after an event: such a source is continued by itself after a loss, without a gap or a repeat. */
  readonly continueAfter?: ((event: FormattedExecutionResult) => ServiceRequest | undefined) | undefined;
}

/** For whom a service is asked. */
export interface ServiceCall extends CallFacts {
  readonly viewer: Viewer;
}

/** What a service answers: a result, and what it asks the router to do with a browser's session. */
export interface ServiceAnswer {
  readonly result: FormattedExecutionResult;
  readonly session?: SessionEffect | undefined;
}

/** An event of a subscription, or the news that the source was lost and is back: events may be missing. */
export type ServiceEvent = FormattedExecutionResult | { readonly isResumed: true };

/** The way to one service, in this process or over the network; disposing it leaves the service itself alone. */
export interface ServiceLink extends AsyncDisposable {
  readonly name: string;
  /** Throws SERVICE_UNAVAILABLE where the service does not answer; errors of the answer itself are in the result. */
  execute(request: ServiceRequest, call: ServiceCall): Promise<ServiceAnswer>;
  /** Opens a subscription; the iterator throws the service's refusal, at once or with its first value. */
  subscribe(request: ServiceSubscription, call: ServiceCall): Promise<AsyncIterator<ServiceEvent, undefined>>;
  /** Throws while the service or its store does not answer. */
  checkReady(): Promise<void>;
}

/** What callers read of a service that is away: its name, never its address. */
export function unavailable(service: string, cause?: unknown): AppError {
  const error = new AppError('SERVICE_UNAVAILABLE', `The service ${service} does not answer.`, { cause });
  error.extensions.service = service;
  return error;
}
