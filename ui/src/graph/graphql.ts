import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

/** Types a GraphQL document against the public graph. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { BigInt: number | string; DateTime: string; ID: string };
}>();

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';
