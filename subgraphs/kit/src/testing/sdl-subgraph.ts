import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { enforceAccess } from '../auth/enforce-access.ts';
import type { RequestContext } from '../context.ts';
import type { Subgraph } from '../federation.ts';

type Resolver = (parent: never, args: never, context: RequestContext) => unknown;
type FieldResolver = Resolver | { readonly subscribe: Resolver; readonly resolve?: Resolver };

/** Resolvers by type and field; `__resolveReference` answers an entity's references. */
export type SdlResolvers = Readonly<Record<string, Readonly<Record<string, FieldResolver>>>>;

/** A subgraph from plain SDL, guarded like those of decorated classes: for tests that need a small graph. */
export function defineSdlSubgraph(name: string, sdl: string, resolvers: SdlResolvers): Subgraph {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  enforceAccess(schema);
  return { name, schema, sdl };
}
