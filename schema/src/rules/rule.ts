import type { DefinitionNode } from 'graphql';

/** One breach of a rule: where it is and what the rule asks for. */
export interface Problem {
  readonly where: string;
  readonly problem: string;
}

/** A rule over the definitions of a schema. */
export type Rule = (definitions: readonly DefinitionNode[]) => Problem[];
