import { type DefinitionNode, Kind, parse } from 'graphql';
import { checkKeys, checkRequires } from './rules/federation.ts';
import { checkMutations } from './rules/mutations.ts';
import { checkDescriptions, checkNames } from './rules/names.ts';
import { checkRootMarks } from './rules/root-marks.ts';
import type { Problem, Rule } from './rules/rule.ts';

const RULES: readonly Rule[] = [
  checkRootMarks,
  checkMutations,
  checkNames,
  checkDescriptions,
  checkRequires,
  checkKeys,
];
const MACHINERY = /__/;

/** Every breach of the project's naming and federation rules in a supergraph. */
export function checkConventions(supergraph: string): Problem[] {
  const definitions = parse(supergraph).definitions.filter(definition => !isMachinery(definition));
  return RULES.flatMap(rule => rule(definitions));
}

/** What composition adds by itself is not ours to name. */
function isMachinery(definition: DefinitionNode): boolean {
  if (definition.kind === Kind.DIRECTIVE_DEFINITION || definition.kind === Kind.SCHEMA_DEFINITION) return true;
  return 'name' in definition && MACHINERY.test(definition.name?.value ?? '');
}
