import 'reflect-metadata';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, Kind, parse, print, visit } from 'graphql';
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { enforceAccess } from './auth/enforce-access.ts';
import { denialOf, requirementOf } from './auth/requirement.ts';
import type { RequestContext } from './context.ts';

const LINK = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@shareable", "@external", "@requires", "@inaccessible", "@tag", "@authenticated", "@requiresScopes"]
  )
`;

type Class = abstract new (...args: never[]) => object;

/** Answers `_entities` for one type: the object for a reference, or null where it is out of the viewer's sight. */
export type ReferenceResolver = (reference: { id: string }, context: RequestContext) => unknown;

/** Opens the source of a subscription for a call. */
export type SubscriptionSource = (
  context: RequestContext,
  args: never,
) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;

/** Stands in `@Subscription` for a source that needs an instance; `sources` of the parts brings it. */
export const wiredSource = { subscribe: neverAsked };

/** What a subgraph is made of: decorated classes, where their instances come from, its entities' references and its subscriptions' sources. */
export interface SubgraphParts {
  readonly name: string;
  readonly resolvers: readonly Class[];
  readonly types?: readonly Class[];
  readonly instances?: readonly object[];
  readonly references?: Readonly<Record<string, ReferenceResolver>>;
  readonly sources?: Readonly<Record<string, SubscriptionSource>>;
}

/** An executable subgraph and the SDL that composition reads. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

/** Builds a Federation 2 subgraph whose every guarded field refuses by itself. */
export function defineSubgraph(parts: SubgraphParts): Subgraph {
  const instances = new Map<unknown, object>((parts.instances ?? []).map(instance => [instance.constructor, instance]));
  const base = buildSchemaSync({
    resolvers: parts.resolvers as unknown as NonEmptyArray<never>,
    orphanedTypes: [...(parts.types ?? [])] as never[],
    container: { get: someClass => instances.get(someClass) ?? Reflect.construct(someClass, []) },
    validate: false,
    skipCheck: true,
    // type-graphql asks for a pubSub even where every subscription brings its own source
    pubSub: { publish: () => {}, subscribe: () => neverAsked() },
  });
  const typeDefs = withoutSchemaNode(parse(LINK + printSubgraphSchema(base)));
  const schema = buildSubgraphSchema([
    {
      typeDefs,
      resolvers: withSources(withReferences(base, typeDefs, parts.references ?? {}), parts.sources ?? {}) as never,
    },
  ]);
  enforceAccess(schema);
  return { name: parts.name, schema, sdl: `${print(typeDefs)}\n` };
}

function withReferences(
  base: GraphQLSchema,
  typeDefs: DocumentNode,
  references: Record<string, ReferenceResolver>,
): Record<string, object> {
  const resolvers = createResolversMap(base) as Record<string, object>;
  for (const [type, resolve] of Object.entries(references)) {
    const node = typeDefs.definitions.find(
      definition => definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === type,
    );
    const requirement = node && 'directives' in node ? requirementOf(node.directives as never) : undefined;
    const guarded: ReferenceResolver = (reference, context) => {
      const denial = requirement && denialOf(context.viewer, requirement, type);
      if (denial) throw denial;
      return resolve(reference, context);
    };
    resolvers[type] = { ...resolvers[type], __resolveReference: guarded };
  }
  return resolvers;
}

function withSources(
  resolvers: Record<string, object>,
  sources: Record<string, SubscriptionSource>,
): Record<string, object> {
  const subscriptions = { ...resolvers.Subscription } as Record<string, object>;
  for (const [field, open] of Object.entries(sources)) {
    const subscribe = (...[, args, context]: [unknown, never, RequestContext]) => open(context, args);
    subscriptions[field] = { ...subscriptions[field], subscribe };
  }
  return Object.keys(sources).length > 0 ? { ...resolvers, Subscription: subscriptions } : resolvers;
}

function withoutSchemaNode(document: DocumentNode): DocumentNode {
  return visit(document, { SchemaDefinition: () => null });
}

function neverAsked(): never {
  throw new Error('every @Subscription names its own source');
}
