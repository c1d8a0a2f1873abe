import type { TadaDocumentNode } from 'gql.tada';
import { live } from './live.ts';

/** Hands every event to the listener while the component lives; null variables wait. */
export function useSubscription<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: () => Variables | null,
  next: (data: Data) => void,
): void {
  const key = $derived(JSON.stringify(variables()));
  $effect(() => {
    const asked = JSON.parse(key) as Variables | null;
    if (asked === null) return;
    return live.subscribe({ document, variables: () => asked }, { next });
  });
}
