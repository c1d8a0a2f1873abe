import DataLoader from 'dataloader';
import type { RequestContext } from './context.ts';

/** Answers one id; ids that one call asks for at the same time are loaded together. */
export type BatchedLookup<T> = (id: string, context: RequestContext) => Promise<T | null>;

/**
 * Batches single look-ups of a call into one. Nothing is cached between batches, so that a long subscription never
 * answers from its past; an id that the batch does not find is null.
 */
export function batchPerCall<T>(
  load: (ids: readonly string[], context: RequestContext) => Promise<ReadonlyMap<string, T>>,
): BatchedLookup<T> {
  const loaders = new WeakMap<RequestContext, DataLoader<string, T | null>>();
  const loaderFor = (context: RequestContext): DataLoader<string, T | null> => {
    const known = loaders.get(context);
    if (known) return known;
    const loader = new DataLoader<string, T | null>(
      async ids => {
        const found = await load([...new Set(ids)], context);
        return ids.map(id => found.get(id) ?? null);
      },
      { cache: false },
    );
    loaders.set(context, loader);
    return loader;
  };
  return (id, context) => loaderFor(context).load(id);
}
