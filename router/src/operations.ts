import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { AppError } from '@muster/kit/errors';
import type { Log } from '@muster/kit/log';
import { maskError } from '@muster/kit/masking';
import type { FormattedExecutionResult } from 'graphql';
import type { Admission } from './access/admission.ts';
import type { RouterContext } from './context.ts';
import type { FederatedGateway, Planning } from './gateway.ts';
import { asTokenLimit, limitDocuments, MAX_TOKENS } from './limits.ts';
import { logOperation } from './operation-log.ts';
import { withLimitsOnly, withMissingObjects, withoutSuggestion, withStatus } from './public-errors.ts';

/** Apollo Server with the router's guards: the one pipeline for queries and mutations, over HTTP and over sockets. */
export type Operations = ApolloServer<RouterContext>;

/** What the pipeline is made of. */
export interface OperationsOptions {
  readonly federated: FederatedGateway;
  readonly admission: Admission;
  readonly introspection: boolean;
  readonly log: Log;
  /** Told of an answer that ends the session its call was made with. */
  readonly onSessionClosed: (credential: string) => void;
}

/** Builds the pipeline and loads the supergraph. */
export async function startOperations(options: OperationsOptions): Promise<Operations> {
  const { federated, introspection, log } = options;
  const apollo = new ApolloServer<RouterContext>({
    gateway: federated.gateway,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    // its own signal handler would make a second stop() that never resolves
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [limitDocuments],
    formatError: (_formatted, error) => maskError(asTokenLimit(error), defect => log.error({ err: defect }, 'defect')),
    plugins: [
      guard(federated.planning, options.admission),
      finish(options),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Refuses before planning what the caller may not ask. */
function guard(planning: () => Planning, admission: Admission): ApolloServerPlugin<RouterContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, document, contextValue }) => {
        if (!operation)
          throw withStatus(
            new AppError('BAD_USER_INPUT', 'The document has no such operation, or several and none is named.'),
          );
        if (operation.operation === 'subscription') throw withStatus(wrongDoor());
        const denial =
          planning().access.denial(document, contextValue.viewer) ??
          admission.operationRefusal(operation, document, contextValue);
        if (denial) throw withStatus(denial);
      },
    }),
  };
}

/** Completes each answer, acts on what it says of the session, and logs it. */
function finish({ log, onSessionClosed }: OperationsOptions): ApolloServerPlugin<RouterContext> {
  return {
    requestDidStart: async () => {
      const startedAt = performance.now();
      return {
        willSendResponse: async ({ response, contextValue, operationName, request }) => {
          const { body } = response;
          if (body.kind !== 'single') return;
          body.singleResult = withRequestId(
            withUnkeptSession(withMissingObjects(withLimitsOnly(body.singleResult)), contextValue),
            contextValue,
          );
          if (contextValue.effects.session?.kind === 'closed' && contextValue.credential)
            onSessionClosed(contextValue.credential);
          if (contextValue.viewer.kind === 'ANONYMOUS') body.singleResult = withoutSuggestions(body.singleResult);
          const name = operationName ?? request.operationName;
          logOperation(log, { context: contextValue, name, startedAt, errors: body.singleResult.errors });
        },
      };
    },
  };
}

function wrongDoor(): AppError {
  return new AppError(
    'BAD_USER_INPUT',
    'Subscriptions are served over WebSocket with the graphql-transport-ws protocol.',
  );
}

/**
 * A browser session whose cookie would be dropped is told, because the token is in the cookie and nowhere else. What
 * the call has done stays done, so its data stays in the answer.
 */
function withUnkeptSession(result: FormattedExecutionResult, context: RouterContext): FormattedExecutionResult {
  if (context.effects.session?.kind !== 'opened' || context.canKeepCookie) return result;
  const { message, extensions } = new AppError(
    'PRECONDITION_FAILED',
    'Browsers keep the session only over https, or on http://localhost. Open Muster there and sign in.',
  );
  return { ...result, errors: [...(result.errors ?? []), { message, extensions }] };
}

function withoutSuggestions(result: FormattedExecutionResult): FormattedExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map(one => ({ ...one, message: withoutSuggestion(one.message) })) };
}

/** A defect is found in the log by the id of its request. */
function withRequestId(result: FormattedExecutionResult, { requestId }: RouterContext): FormattedExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map(error =>
    error.extensions?.code === 'INTERNAL' ? { ...error, extensions: { ...error.extensions, requestId } } : error,
  );
  return { ...result, errors };
}
