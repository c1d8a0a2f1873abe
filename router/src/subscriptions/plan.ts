import { operationFromDocument } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, type FieldNode, type GraphQLSchema, getOperationAST, Kind, parse } from 'graphql';
import type { Planning } from '../gateway.ts';
import { type Continuation, continuationOf } from './continuation.ts';
import { selectsNothingBeyond } from './selection-tree.ts';

/** A subscription of a caller: its document, and the text that it was parsed from. */
export interface SubscriptionDocument {
  readonly document: DocumentNode;
  readonly source: string;
  readonly operationName?: string | undefined;
}

/** How a subscription is answered: who owns its events and what has to be joined to each. */
export interface SubscriptionPlan extends SubscriptionDocument {
  readonly planning: Planning;
  /** The service whose subscription gives the events. */
  readonly owner: string;
  readonly primary: FetchNode;
  /** Executed for each event, which answers the primary fetch. */
  readonly eventPlan: QueryPlan;
  /** True where an event already has the shape that the caller asked for. */
  readonly isPassThrough: boolean;
  /** How it goes on after an event, where that can be said. */
  readonly continuation: Continuation | undefined;
  /** False where a subscription replays what came before it, so that each subscriber needs its own. */
  readonly isShareable: boolean;
}

/** Plans subscriptions with the gateway's planner; each document is planned once. */
export class SubscriptionPlanner {
  readonly #planning: () => Planning;
  readonly #plans = new WeakMap<DocumentNode, Map<string, SubscriptionPlan>>();

  constructor(planning: () => Planning) {
    this.#planning = planning;
  }

  plan(subscription: SubscriptionDocument): SubscriptionPlan {
    const { document, operationName = '' } = subscription;
    const plans = this.#plans.get(document) ?? new Map<string, SubscriptionPlan>();
    this.#plans.set(document, plans);
    const known = plans.get(operationName);
    if (known) return known;
    const plan = makePlan(subscription, this.#planning());
    plans.set(operationName, plan);
    return plan;
  }
}

function makePlan(subscription: SubscriptionDocument, planning: Planning): SubscriptionPlan {
  const { document, operationName } = subscription;
  const operation = operationFromDocument(planning.api, document, operationName ? { operationName } : {});
  const { node } = planning.planner.buildQueryPlan(operation);
  if (node?.kind !== 'Subscription') throw new Error('the planner made no subscription of a subscription');
  const { primary, rest } = node;
  const nodes: PlanNode[] = [{ ...primary, variableUsages: [] }, ...(rest ? [rest] : [])];
  const hasOwnShape = !rest && !primary.outputRewrites?.length;
  return {
    ...subscription,
    planning,
    owner: primary.serviceName,
    primary,
    eventPlan: { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } },
    isPassThrough: hasOwnShape && selectsNothingBeyond(parse(primary.operation), document, operationName),
    continuation: continuationOf(primary, planning.apiSchema),
    isShareable: !takesAfter(planning.apiSchema, document, operationName),
  };
}

/** By convention a subscription with the argument `after` starts in the past: a second reader would miss the beginning. */
function takesAfter(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined): boolean {
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  const isPlain = (field: { kind: Kind }): field is FieldNode => field.kind === Kind.FIELD;
  return !selections.every(
    selection => isPlain(selection) && !fields[selection.name.value]?.args.some(({ name }) => name === 'after'),
  );
}
