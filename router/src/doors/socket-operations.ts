import type { Log } from '@muster/kit/log';
import { maskError } from '@muster/kit/masking';
import {
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getVariableValues,
  OperationTypeNode,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { AgentDocuments } from '../access/agent-documents.ts';
import type { RouterContext } from '../context.ts';
import type { Planning } from '../gateway.ts';
import { logOperation } from '../operation-log.ts';
import type { Operations } from '../operations.ts';
import { withoutSuggestion } from '../public-errors.ts';
import type { FederatedSubscriptions } from '../subscriptions/federated.ts';
import type { Events } from '../subscriptions/group.ts';
import { type SubscriptionPlan, SubscriptionPlanner } from '../subscriptions/plan.ts';
import { type SocketDocument, SocketDocuments } from './socket-documents.ts';

/** What the operations of sockets are run with. */
export interface SocketOperationsOptions {
  readonly operations: Operations;
  readonly subscriptions: FederatedSubscriptions;
  readonly planning: () => Planning;
  readonly introspection: boolean;
  readonly agentDocuments: AgentDocuments;
  readonly log: Log;
}

/** An operation that passed every check; subscriptions carry their plan. */
interface Prepared {
  readonly context: RouterContext;
  readonly payload: SubscribePayload;
  readonly plan?: SubscriptionPlan;
  readonly onResumed?: (() => void) | undefined;
}

/** An operation as it came over a socket. */
export interface SocketCall {
  readonly payload: SubscribePayload;
  readonly context: RouterContext;
  /** Told when the source of a subscription was lost and is back. */
  readonly onResumed: () => void;
}

type Checked = Extract<SocketDocument, { kind: 'valid' }>;

/** Checks and runs the operations of sockets: queries and mutations in the pipeline of HTTP, subscriptions beside it. */
export class SocketOperations {
  readonly #options: SocketOperationsOptions;
  readonly #documents: SocketDocuments;
  readonly #planner: SubscriptionPlanner;
  readonly #running = new Set<SubscribePayload>();
  #onIdle: (() => void) | undefined;

  constructor(options: SocketOperationsOptions) {
    this.#options = options;
    this.#documents = new SocketDocuments(options);
    this.#planner = new SubscriptionPlanner(options.planning);
  }

  /** Resolves when the answer to every query and mutation that runs now is written. */
  async drained(): Promise<void> {
    if (this.#running.size === 0) return;
    await new Promise<void>(resolve => {
      this.#onIdle = resolve;
    });
    // the last message of an operation is written right after it is told to be complete
    await new Promise(resolve => setImmediate(resolve));
  }

  /** The arguments of an operation that may run, or the reasons why it may not; never throws. */
  prepare({ payload, context, onResumed }: SocketCall): ExecutionArgs | readonly GraphQLError[] {
    const startedAt = performance.now();
    const checked = this.#documents.read(payload.query, payload.operationName ?? undefined);
    const prepared =
      checked.kind === 'refused' ? forCaller(checked.errors, context) : this.#admit(checked, payload, context);
    const errors = 'context' in prepared ? [] : prepared.map(error => maskError(error));
    const isAnsweredLater = 'context' in prepared && !prepared.plan;
    if (!isAnsweredLater) logOperation(this.#options.log, { context, name: payload.operationName, startedAt, errors });
    if (checked.kind === 'refused' || !('context' in prepared)) return prepared as readonly GraphQLError[];
    return {
      schema: this.#options.planning().apiSchema,
      document: checked.document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: { ...prepared, onResumed },
    };
  }

  /** A query or mutation in the pipeline of HTTP; its answer is a plain result with masked errors. Never rejects. */
  async execute(args: ExecutionArgs): Promise<FormattedExecutionResult> {
    const { context, payload } = args.contextValue as Prepared;
    const { query, operationName } = payload;
    this.#running.add(payload);
    const request = { query, variables: payload.variables ?? {}, ...(operationName && { operationName }) };
    try {
      const { body } = await this.#options.operations.executeOperation(request, { contextValue: context });
      return body.kind === 'single' ? body.singleResult : body.initialResult;
    } catch (error) {
      return { errors: [this.#mask(error)] };
    }
  }

  /** Told when an operation is over. */
  complete(payload: SubscribePayload): void {
    if (this.#running.delete(payload) && this.#running.size === 0) this.#onIdle?.();
  }

  /** The events of a subscription that was prepared. */
  subscribe(args: ExecutionArgs): Events | FormattedExecutionResult {
    const { context, payload, plan, onResumed } = args.contextValue as Prepared;
    try {
      if (!plan) throw new Error('a subscription was not planned');
      return this.#options.subscriptions.subscribe({ plan, variables: payload.variables ?? {}, context, onResumed });
    } catch (error) {
      return { errors: [this.#mask(error)] };
    }
  }

  #admit(checked: Checked, payload: SubscribePayload, context: RouterContext): Prepared | readonly GraphQLError[] {
    const { access, apiSchema } = this.#options.planning();
    const { document, operation } = checked;
    const denial = access.denial(document, context.viewer);
    if (denial) return [new GraphQLError(denial.message, { originalError: denial })];
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return { context, payload };
    const { errors } = getVariableValues(apiSchema, operation.variableDefinitions ?? [], payload.variables ?? {});
    if (errors) return errors;
    try {
      const plan = this.#planner.plan({
        document,
        source: payload.query,
        ...(payload.operationName && { operationName: payload.operationName }),
      });
      return { context, payload, plan };
    } catch (error) {
      return [
        error instanceof GraphQLError ? error : new GraphQLError('not planned', { originalError: error as Error }),
      ];
    }
  }

  #mask(error: unknown): GraphQLFormattedError {
    return maskError(error, defect => this.#options.log.error({ err: defect }, 'defect'));
  }
}

/** Problems of a document as its caller may read them. */
function forCaller(errors: readonly GraphQLError[], { viewer }: RouterContext): readonly GraphQLError[] {
  if (viewer.kind !== 'ANONYMOUS') return errors;
  return errors.map(error => {
    const { nodes = null, source = null, positions = null, originalError = null, extensions } = error;
    return new GraphQLError(withoutSuggestion(error.message), { nodes, source, positions, originalError, extensions });
  });
}
