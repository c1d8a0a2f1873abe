import { buildOperationContext, executeQueryPlan, type GraphQLDataSource, type ServiceMap } from '@apollo/gateway';
import type { OnDefect } from '@muster/kit/masking';
import type { FormattedExecutionResult } from 'graphql';
import type { RouterContext } from '../context.ts';
import { toPublicResult, withMissingObjects } from '../public-errors.ts';
import type { SubscriptionPlan } from './plan.ts';

/** For whom and with what the events of a subscription are joined. */
export interface JoinOptions {
  readonly plan: SubscriptionPlan;
  readonly variables: Record<string, unknown>;
  readonly services: ServiceMap;
  readonly context: RouterContext;
  readonly onDefect: OnDefect;
}

type GatewayRequest = Parameters<typeof executeQueryPlan>[2];

/** The caller's answer to one event: joins, rewrites, hiding and null bubbling are the gateway's own code. */
export async function joinEvent(
  event: FormattedExecutionResult,
  options: JoinOptions,
): Promise<FormattedExecutionResult> {
  const { plan } = options;
  if (plan.isPassThrough) return named(event, plan.owner);
  const { planning, document, operationName, source } = plan;
  const request = {
    request: { query: source, variables: options.variables, operationName },
    context: options.context,
    // the executor notes errors here
    metrics: {},
    source,
    document,
  };
  const result = await executeQueryPlan(
    plan.eventPlan,
    withEvent(event, options),
    request as unknown as GatewayRequest,
    buildOperationContext({
      schema: planning.apiSchema,
      operationDocument: document,
      ...(operationName && { operationName }),
    }),
    planning.supergraphSchema,
    planning.api,
  );
  return toPublicResult(result, options.onDefect);
}

/** The services, of which the owner answers the primary fetch with the event. */
function withEvent(event: FormattedExecutionResult, { plan, services }: JoinOptions): ServiceMap {
  const real = services[plan.owner];
  const owner: GraphQLDataSource = {
    process: async options => {
      if (options.request.query === plan.primary.operation) return named(event, plan.owner) as never;
      if (!real) throw new Error(`the service ${plan.owner} is gone`);
      return real.process(options);
    },
  };
  return { ...services, [plan.owner]: owner };
}

/** The event with its service's name in each error. */
function named(event: FormattedExecutionResult, service: string): FormattedExecutionResult {
  if (!event.errors) return event;
  const errors = event.errors.map(error => ({ ...error, extensions: { ...error.extensions, service } }));
  return withMissingObjects({ ...event, errors });
}
