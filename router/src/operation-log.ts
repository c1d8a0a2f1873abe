import type { Log } from '@muster/kit/log';
import type { GraphQLFormattedError } from 'graphql';
import type { RouterContext } from './context.ts';

/** The facts of one operation that has been answered. */
export interface OperationFacts {
  readonly context: RouterContext;
  readonly name: string | null | undefined;
  readonly startedAt: number;
  readonly errors?: readonly GraphQLFormattedError[] | undefined;
}

/** One line for each operation: who, what, how long, and how it ended. */
export function logOperation(log: Log, { context, name, startedAt, errors = [] }: OperationFacts): void {
  const { requestId, viewer } = context;
  log.info(
    {
      requestId,
      operationName: name ?? null,
      viewer: { kind: viewer.kind, id: viewer.id },
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      ...(errors.length > 0 && { errors: errors.map(error => error.extensions?.code) }),
    },
    'operation',
  );
}
