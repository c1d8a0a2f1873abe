import { type ExecutionResult, GraphQLError } from 'graphql';
import { maskError, type OnDefect } from './masking.ts';

type Events = AsyncGenerator<ExecutionResult, void, void>;

/** Masks the refusal of a subscription, or the errors of each of its events, without an async generator in between. */
export function maskSubscription(result: Events | ExecutionResult, onDefect: OnDefect): Events | ExecutionResult {
  const mask = (one: ExecutionResult): ExecutionResult =>
    one.errors ? { ...one, errors: one.errors.map(error => toGraphQLError(error, onDefect)) } : one;
  if (!(Symbol.asyncIterator in result)) return mask(result);
  const events: Events = {
    next: async () => {
      const step = await result.next();
      return step.done ? step : { done: false, value: mask(step.value) };
    },
    return: () => result.return(),
    throw: error => result.throw(error),
    [Symbol.asyncIterator]: () => events,
    [Symbol.asyncDispose]: async () => void (await result.return()),
  };
  return events;
}

/** The masked error as graphql-ws takes it: it calls toJSON() on each, which plain formatted errors do not have. */
export function toGraphQLError(error: unknown, onDefect: OnDefect): GraphQLError {
  const { message, path, extensions } = maskError(error, onDefect);
  return new GraphQLError(message, { path: path ?? null, extensions: { ...extensions } });
}
