import type { AnyVariables } from '@urql/core';
import type { TadaDocumentNode } from 'gql.tada';
import { untrack } from 'svelte';
import { graphClient } from './client.ts';
import { type Problem, problemOf } from './errors.ts';
import { link } from './link.svelte.ts';

/** A query on screen: what it answered last, whether an answer is on its way, and why the last one failed. */
export interface QueryState<Data> {
  readonly data: Data | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
  refetch(): void;
}

interface Answer<Data> {
  readonly key: string;
  readonly data: Data | undefined;
  readonly problem: Problem | undefined;
}

/** Keeps a query answered while the component lives: again for other variables, after each reconnection and on demand; null variables wait. */
export function useQuery<Data, Variables extends AnyVariables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: () => Variables | null,
): QueryState<Data> {
  let answer = $state.raw<Answer<Data>>();
  let isLoading = $state(true);
  let round = $state(0);
  const key = $derived(JSON.stringify(variables()));
  // Data of other variables is another thing's data: never shown under this one's name.
  const shown = $derived(answer?.key === key ? answer : undefined);

  $effect(() => {
    void round;
    void link.epoch;
    const asked = JSON.parse(key) as Variables | null;
    if (asked === null) return;
    isLoading = true;
    const request = graphClient().query<Data>(document, asked as AnyVariables, { requestPolicy: 'cache-and-network' });
    const { unsubscribe } = request.subscribe(result => {
      const problem = result.error && problemOf(result.error);
      answer = { key, data: result.data ?? untrack(() => shown?.data), problem };
      isLoading = result.stale;
    });
    return unsubscribe;
  });

  return {
    get data() {
      return shown?.data;
    },
    get problem() {
      return shown?.problem;
    },
    get isLoading() {
      return isLoading;
    },
    refetch() {
      round += 1;
    },
  };
}
