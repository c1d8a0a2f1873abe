import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { findAppError } from '@muster/kit/errors';
import type { RouterContext } from '../context.ts';
import type { ServiceAnswer, ServiceLink } from './service-link.ts';

/** The one service whose word about browser sessions counts. */
const SESSIONS_OWNER = 'accounts';

/** The gateway turns this into the path of the first object that the join was for. */
const FIRST_ENTITY = { path: ['_entities', 0] };

type Processing = GraphQLDataSourceProcessOptions<RouterContext>;
type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Lets the gateway's executor ask a service through its link; every error it gets names the service. */
export class LinkDataSource implements GraphQLDataSource<RouterContext> {
  readonly #link: ServiceLink;

  constructor(link: ServiceLink) {
    this.#link = link;
  }

  async process(options: Processing): Promise<Answer> {
    const { query = '', variables, operationName } = options.request;
    const context = options.context as RouterContext;
    try {
      const answer = await this.#link.execute({ query, variables, operationName }, context);
      this.#adoptSession(answer, context);
      return this.#named(answer.result as Answer);
    } catch (error) {
      const known = findAppError(error);
      if (!known) throw error;
      // answered instead of thrown: the gateway gives the path of a fetch only to errors of an answer
      const path = isJoin(options) ? FIRST_ENTITY : undefined;
      return this.#named({ data: null, errors: [{ message: known.message, extensions: known.extensions, ...path }] });
    }
  }

  #adoptSession({ session }: ServiceAnswer, context: RouterContext): void {
    if (session && this.#link.name === SESSIONS_OWNER) context.effects.session = session;
  }

  #named(answer: Answer): Answer {
    if (!answer.errors) return answer;
    const service = this.#link.name;
    const errors = answer.errors.map(error => ({ ...error, extensions: { ...error.extensions, service } }));
    return { ...answer, errors };
  }
}

function isJoin(options: Processing): boolean {
  return 'pathInIncomingRequest' in options && (options.pathInIncomingRequest?.length ?? 0) > 0;
}
