import { AppError } from '@muster/kit/errors';
import { type ASTNode, type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';
import { Measure, type Size } from './measure.ts';

/**
 * How large one document may be, fragments counted as often as they are used. Each figure is at most one and a half
 * times what the console's own largest operation needs, or the floor that scripts and explorers need; a test holds it.
 */
export const documentLimits: Size = {
  depth: 10,
  aliases: 15,
  'root fields': 10,
  directives: 8,
  fields: 300,
  cost: 4_200,
};

/** Tokens that the parser reads of one document. */
export const MAX_TOKENS = 1_000;

/** A validation rule that refuses documents beyond the limits with LIMIT_EXCEEDED, in time linear to their text. */
export function limitDocuments(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const size = new Measure(context.getDocument(), context.getSchema()).of(operation);
      for (const [name, limit] of Object.entries(documentLimits)) {
        if (size[name as keyof Size] <= limit) continue;
        context.reportError(tooLarge(`The operation has more than ${limit} ${name}.`, operation));
      }
    },
  };
}

/** The error of a parser that gave up counting tokens, as the limit that it is; any other error as it is. */
export function asTokenLimit(error: unknown): unknown {
  if (!(error instanceof GraphQLError) || !TOO_MANY_TOKENS.test(error.message)) return error;
  return new AppError('LIMIT_EXCEEDED', `The document has more than ${MAX_TOKENS} tokens.`);
}

/** graphql says it in words only. */
const TOO_MANY_TOKENS = /Document contains more tha[nt] \d+ tokens/;

function tooLarge(message: string, node: ASTNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, originalError: new AppError('LIMIT_EXCEEDED', message) });
}
