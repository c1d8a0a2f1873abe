import type { AnyVariables } from '@urql/core';
import type { TadaDocumentNode } from 'gql.tada';
import { untrack } from 'svelte';
import { fetchOnce } from './client.ts';
import type { Problem } from './errors.ts';
import { link } from './link.svelte.ts';

/** A connection's page, as every list of the graph answers. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface PagesOptions<Data, Variables, Node> {
  readonly document: TadaDocumentNode<Data, Variables>;
  /** The variables of the first page; others start over. */
  variables(): Variables;
  connection(data: Data): Connection<Node> | null | undefined;
}

/** A list read page by page: the first with the component, the others on demand. */
export function usePages<Data, Variables extends AnyVariables, Node>({
  document,
  variables,
  connection,
}: PagesOptions<Data, Variables, Node>) {
  let nodes = $state.raw<readonly Node[]>();
  let last = $state.raw<Connection<Node>>();
  let problem = $state.raw<Problem>();
  let isLoading = $state(true);
  let round = 0;
  const key = $derived(JSON.stringify(variables()));

  async function read(after: string | null, before: readonly Node[]) {
    const asked = ++round;
    isLoading = true;
    const outcome = await fetchOnce(document, { ...(JSON.parse(key) as Variables), after });
    if (asked !== round) return;
    isLoading = false;
    problem = outcome.problem;
    const page = outcome.data && connection(outcome.data);
    if (!page) return;
    last = page;
    nodes = [...before, ...page.nodes];
  }

  $effect(() => {
    void key;
    void link.epoch;
    untrack(() => void read(null, []));
  });

  return {
    /** Undefined until the first answer. */
    get nodes() {
      return nodes;
    },
    get total() {
      return last?.totalCount ?? 0;
    },
    get hasMore() {
      return last?.pageInfo.hasNextPage ?? false;
    },
    get problem() {
      return problem;
    },
    get isLoading() {
      return isLoading;
    },
    loadMore() {
      if (!isLoading && last?.pageInfo.hasNextPage) void read(last.pageInfo.endCursor, nodes ?? []);
    },
    reload() {
      void read(null, []);
    },
  };
}
