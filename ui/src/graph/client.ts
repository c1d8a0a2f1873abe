import { type AnyVariables, Client, cacheExchange, fetchExchange, mapExchange, type OperationResult } from '@urql/core';
import type { TadaDocumentNode } from 'gql.tada';
import { type Problem, problemOf } from './errors.ts';

type Listener = () => void;

const signedOutListeners = new Set<Listener>();

/** Calls the listener whenever the graph no longer knows who is asking. */
export function onUnauthenticated(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Tells every listener that the session is over. */
export function reportUnauthenticated(): void {
  for (const listener of signedOutListeners) listener();
}

function createGraphClient(): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      mapExchange({
        onError(error) {
          if (problemOf(error).code === 'UNAUTHENTICATED') reportUnauthenticated();
        },
      }),
      cacheExchange,
      fetchExchange,
    ],
  });
}

let current = createGraphClient();

/** The client of this session; queries and mutations go by HTTP, where the session cookie travels by itself. */
export function graphClient(): Client {
  return current;
}

/** Forgets every cached answer: what one person saw must not be shown to the next. */
export function resetGraphClient(): void {
  current = createGraphClient();
}

/** What an operation ended as: its data, or the problem in words. */
export type Outcome<Data> =
  | { readonly data: Data; readonly problem?: never }
  | { readonly data?: never; readonly problem: Problem };

function toOutcome<Data>(result: OperationResult<Data>): Outcome<Data> {
  if (result.error) return { problem: problemOf(result.error) };
  if (result.data === undefined || result.data === null) return { problem: problemOf({ graphQLErrors: [] }) };
  return { data: result.data };
}

/** Reads once from the server, past the cache; never throws. */
export async function fetchOnce<Data, Variables extends AnyVariables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  return toOutcome(
    await current.query<Data>(document, variables as AnyVariables, { requestPolicy: 'network-only' }).toPromise(),
  );
}

/** Runs a mutation once; never throws. */
export async function mutate<Data, Variables extends AnyVariables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  return toOutcome(await current.mutation<Data>(document, variables as AnyVariables).toPromise());
}
