import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { type ASTNode, GraphQLError, parse, printSchema, printSourceLocation, Source } from 'graphql';

/** The SDL of one subgraph and where the router reaches it. */
export interface SubgraphSdl {
  readonly name: string;
  readonly routingUrl: string;
  readonly sdl: string;
}

/** What composition makes: the graph for the router, and the graph that callers see. */
export interface Composition {
  readonly supergraph: string;
  readonly api: string;
}

/** Thrown where subgraphs do not compose; each problem names its code, subgraph, line and source. */
export class CompositionError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The subgraphs do not compose:\n${problems.join('\n')}`);
    this.name = 'CompositionError';
    this.problems = problems;
  }
}

/** Composes subgraphs into one supergraph and the public schema without what is @inaccessible. */
export function compose(subgraphs: readonly SubgraphSdl[]): Composition {
  const services = subgraphs.map(subgraph => ({
    name: subgraph.name,
    url: subgraph.routingUrl,
    typeDefs: parseSdl(subgraph),
  }));
  const result = composeServices(services);
  if (result.errors) throw new CompositionError(result.errors.map(describe));
  const { supergraphSdl } = result;
  return { supergraph: endLine(supergraphSdl), api: endLine(toApi(supergraphSdl)) };
}

/** The public schema of a supergraph. */
function toApi(supergraphSdl: string): string {
  // null: whatever the supergraph uses is fine here, nothing is executed
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  return printSchema(supergraph.apiSchema().toGraphQLJSSchema());
}

function parseSdl({ name, sdl }: SubgraphSdl) {
  try {
    return parse(new Source(sdl, `${name}.graphql`));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new CompositionError([describeAt(`SYNTAX_ERROR: ${error.message}`, name, error)]);
  }
}

function describe(error: GraphQLError): string {
  const places = (error.nodes ?? []).map(placeOf).filter(place => place !== undefined);
  return [`${String(error.extensions.code ?? 'INVALID_GRAPHQL')}: ${error.message}`, ...places].join('\n');
}

/** Composition marks the nodes of an error with the subgraph that they stand in. */
function placeOf(node: ASTNode & { subgraph?: string }): string | undefined {
  if (!node.loc) return undefined;
  const { line, column } = node.loc.startToken;
  return indent(`in subgraph ${node.subgraph ?? '?'}: ${printSourceLocation(node.loc.source, { line, column })}`);
}

function describeAt(title: string, subgraph: string, { source, locations }: GraphQLError): string {
  const [location] = locations ?? [];
  return source && location
    ? `${title}\n${indent(`in subgraph ${subgraph}: ${printSourceLocation(source, location)}`)}`
    : title;
}

const indent = (text: string): string => text.replace(/^/gm, '    ');
const endLine = (text: string): string => `${text.trim()}\n`;
