import { type Schema, Supergraph } from '@apollo/federation-internals';
import { ApolloGateway, type ServiceMap } from '@apollo/gateway';
import { QueryPlanner } from '@apollo/query-planner';
import type { Log } from '@muster/kit/log';
import type { GraphQLSchema } from 'graphql';
import { AccessMap } from './access/access-map.ts';
import { disableTelemetry } from './config.ts';
import { LinkDataSource } from './links/link-data-source.ts';
import type { ServiceLink } from './links/service-link.ts';
import { readSupergraph, type SupergraphSource, watchSupergraph } from './supergraph-source.ts';

/** Everything that is derived from one supergraph; replaced as a whole when the supergraph changes. */
export interface Planning {
  readonly planner: QueryPlanner;
  readonly api: Schema;
  readonly apiSchema: GraphQLSchema;
  readonly supergraphSchema: GraphQLSchema;
  readonly access: AccessMap;
}

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly supergraph: SupergraphSource;
  readonly services: ReadonlyMap<string, ServiceLink>;
  readonly log: Log;
}

/** The gateway, and what the router needs of the same supergraph beside it. */
export interface FederatedGateway {
  readonly gateway: ApolloGateway;
  readonly services: ServiceMap;
  /** The planning in force; callable once the gateway is loaded. */
  planning(): Planning;
}

const PLAN_CACHE_MIB = 64;

/** Loads a supergraph into Apollo's gateway and follows its file; a new one that does not load is refused and logged. */
export function createGateway({ supergraph, services, log }: GatewayOptions): FederatedGateway {
  disableTelemetry();
  const sources: ServiceMap = Object.create(null);
  for (const link of services.values()) sources[link.name] = new LinkDataSource(link);
  let planning: Planning | undefined;
  const gateway = new ApolloGateway({
    supergraphSdl: async ({ update }) => {
      const sdl = await readSupergraph(supergraph);
      planning = planningOf(sdl, services);
      const cleanup = watchSupergraph(supergraph, text => {
        try {
          const next = planningOf(text, services);
          update(withoutSecurityMarks(text));
          planning = next;
          log.info('supergraph replaced');
        } catch (error) {
          log.warn({ err: error }, 'supergraph refused');
        }
      });
      return { supergraphSdl: withoutSecurityMarks(sdl), cleanup: async () => cleanup() };
    },
    buildService: ({ name }) => sources[name] ?? missing(name),
    experimental_approximateQueryPlanStoreMiB: PLAN_CACHE_MIB,
    __exposeQueryPlanExperimental: false,
    validateSupergraph: false,
    logger: quiet(log),
  });
  return { gateway, services: sources, planning: () => planning ?? missing('supergraph') };
}

/** Built apart from the gateway, whose own planner is private; throws where the supergraph cannot be used. */
function planningOf(sdl: string, services: ReadonlyMap<string, ServiceLink>): Planning {
  const supergraph = Supergraph.build(withoutSecurityMarks(sdl), { validateSupergraph: true });
  for (const { name } of supergraph.subgraphsMetadata()) if (!services.has(name)) missing(name);
  const api = supergraph.apiSchema();
  const apiSchema = api.toGraphQLJSSchema();
  return {
    planner: new QueryPlanner(supergraph),
    api,
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    access: new AccessMap(sdl, apiSchema),
  };
}

/** The gateway refuses a supergraph whose security it does not know; ours is enforced by the access map. */
function withoutSecurityMarks(sdl: string): string {
  return sdl.replace(/(specs\.apollo\.dev\/(?:authenticated|requiresScopes)\/[^"]*"), for: SECURITY/g, '$1');
}

function missing(name: string): never {
  throw new Error(`The supergraph names ${name}, which the router was not given.`);
}

/** The gateway says little that is news to people who run Muster. */
function quiet(log: Log) {
  const debug = (message?: unknown): void => log.debug({ gateway: String(message) }, 'gateway');
  return {
    debug,
    info: debug,
    warn: debug,
    error: (message?: unknown) => log.error({ gateway: String(message) }, 'gateway'),
  };
}
