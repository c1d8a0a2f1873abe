import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';
import type { PageFacts } from './connection.ts';

/** Relay's PageInfo, shared by every subgraph. */
@Directive('@shareable')
@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo implements PageFacts {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;

  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null;
}

/** Declares `<name>Connection` and `<name>Edge` for a node type. */
export function connectionOf<T extends object>(name: string, node: () => ClassType<T>): ClassType<object> {
  @ObjectType(`${name}Edge`, { description: `One ${name} and its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'Give it as `after` to go on from here.' })
    readonly cursor!: string;

    @Field(node)
    readonly node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [Edge])
    readonly edges!: Edge[];

    @Field(() => [node()], { description: 'The nodes of the edges, for callers who need no cursors.' })
    readonly nodes!: T[];

    @Field(() => PageInfo)
    readonly pageInfo!: PageInfo;

    @Field(() => Int, { description: 'Size of the whole list.' })
    readonly totalCount!: number;
  }
  return ConnectionType;
}
