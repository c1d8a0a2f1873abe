import type { FetchNode } from '@apollo/query-planner';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FormattedExecutionResult,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { ServiceRequest } from '../links/service-link.ts';

type Variables = Record<string, unknown>;
type Event = FormattedExecutionResult;

/** How a subscription that takes `after` goes on exactly after an event, whether or not its caller asked for sequences. */
export interface Continuation {
  /** The first fetch, whose events carry their sequence beside what the caller asked for. */
  readonly operation: string;
  /** The subscription from the event on; undefined for an event without a sequence. */
  after(event: Event, variables: Variables): ServiceRequest | undefined;
  /** The event as the caller asked for it. */
  strip(event: Event): Event;
}

/** Response key and variable that no caller's document is expected to use; one that does is not continued. */
const SEQUENCE = 'muster_sequence';
const AFTER = 'muster_after';

/** By convention `after` and `sequence` of the events count the same; undefined where they do not. */
export function continuationOf(primary: FetchNode, schema: GraphQLSchema): Continuation | undefined {
  const document = parse(primary.operation, { noLocation: true });
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const roots = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  const [root] = roots;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || root?.kind !== Kind.FIELD || roots.length > 1) return undefined;
  const type = counterOf(root, schema);
  if (!type || primary.operation.includes('muster_')) return undefined;
  const key = root.alias?.value ?? root.name.value;
  const marked = withSequence(root);
  const continued = print(replaceOperation(document, continuedOperation(operation, marked, type)));
  const { operationName } = primary;
  return {
    operation: print(replaceOperation(document, withRoot(operation, marked))),
    after: (event, variables) => {
      const sequence = objectAt(event, key)?.[SEQUENCE];
      if (sequence === undefined || sequence === null) return undefined;
      return { query: continued, operationName, variables: { ...variables, [AFTER]: sequence } };
    },
    strip: event => {
      const { [SEQUENCE]: _, ...asked } = objectAt(event, key) ?? {};
      return objectAt(event, key) ? { ...event, data: { ...event.data, [key]: asked } } : event;
    },
  };
}

/** The type that both `after` of the field and `sequence` of its events have. */
function counterOf(root: FieldNode, schema: GraphQLSchema): string | undefined {
  const field = schema.getSubscriptionType()?.getFields()[root.name.value];
  const after = field?.args.find(({ name }) => name === 'after');
  const event = field && getNamedType(field.type);
  const sequence = isObjectType(event) || isInterfaceType(event) ? event.getFields().sequence : undefined;
  if (!after || !sequence) return undefined;
  const type = getNamedType(after.type).name;
  return type === getNamedType(sequence.type).name ? type : undefined;
}

function withSequence(root: FieldNode): FieldNode {
  const mark: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: SEQUENCE },
    name: { kind: Kind.NAME, value: 'sequence' },
  };
  const selections = [...(root.selectionSet?.selections ?? []), mark];
  return { ...root, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

/** Starts where it is told, and declares no variable that it does not use any more. */
function continuedOperation(
  operation: OperationDefinitionNode,
  root: FieldNode,
  type: string,
): OperationDefinitionNode {
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: AFTER } } as const;
  const after: ArgumentNode = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'after' }, value: variable };
  const others = (root.arguments ?? []).filter(({ name }) => name.value !== 'after');
  const continued = withRoot(operation, { ...root, arguments: [...others, after] });
  const used = new Set<string>();
  visit(continued.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const named = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
  const definition: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable,
    type: { kind: Kind.NON_NULL_TYPE, type: named },
  };
  const kept = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) => used.has(name.value));
  return { ...continued, variableDefinitions: [...kept, definition] };
}

function withRoot(operation: OperationDefinitionNode, root: FieldNode): OperationDefinitionNode {
  return { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [root] } };
}

function replaceOperation(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const definitions = document.definitions.map(one => (one.kind === Kind.OPERATION_DEFINITION ? operation : one));
  return { ...document, definitions };
}

function objectAt(event: Event, key: string): Record<string, unknown> | undefined {
  const value = event.data?.[key];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
