import type { AppError } from '@muster/kit/errors';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { RatedCall, RateLimits } from '../rates/rate-limits.ts';
import type { AgentDocuments } from './agent-documents.ts';
import { rootFieldsOf } from './root-fields.ts';

/** What every call passes at its door, whichever it is: how often its caller may call, and what a device may say. */
export class Admission {
  readonly #rates: RateLimits | undefined;
  readonly #documents: AgentDocuments;

  constructor(rates: RateLimits | undefined, documents: AgentDocuments) {
    this.#rates = rates;
    this.#documents = documents;
  }

  /** The refusal of a call before its text is read. */
  refusal(call: RatedCall, source: unknown): AppError | undefined {
    return this.#rates?.refusal(call) ?? this.#documents.refusal(call.viewer, source);
  }

  /** The refusal of a call once it is known what it asks for. */
  operationRefusal(operation: OperationDefinitionNode, document: DocumentNode, call: RatedCall): AppError | undefined {
    if (operation.operation !== 'mutation') return undefined;
    return this.#rates?.doorRefusal(rootFieldsOf(operation, document), call);
  }
}
