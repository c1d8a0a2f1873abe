import { defineSubgraph, type Subgraph, type SubgraphParts } from '@muster/kit/federation';
import { RESOLVERS } from './doors.resolver.ts';
import { User } from './references.ts';

/** What the running service adds to the classes. */
export type Wiring = Pick<SubgraphParts, 'instances' | 'references' | 'sources'>;

/** The fleet subgraph; without wiring it can only be printed. */
export function createSubgraph(wiring: Wiring = {}): Subgraph {
  return defineSubgraph({ name: 'fleet', resolvers: RESOLVERS, types: [User], ...wiring });
}

/** The SDL that composition reads. */
export function printSdl(): string {
  return createSubgraph().sdl;
}
