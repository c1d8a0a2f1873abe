import type { ConstDirectiveNode } from 'graphql';
import { fieldsOf, objectsOf } from './fields.ts';
import type { Rule } from './rule.ts';

/** No argument stands inside a @requires: the gateway answers such fields wrongly. */
export const checkRequires: Rule = definitions =>
  objectsOf(definitions)
    .flatMap(fieldsOf)
    .flatMap(({ where, field }) => {
      const selections = argumentsOf(field.directives, 'join__field', 'requires');
      return selections.some(selection => selection.includes('('))
        ? [{ where, problem: '@requires selects a field with an argument' }]
        : [];
    });

/** An entity has one key, the same in every subgraph: with mixed keys the gateway loses objects. */
export const checkKeys: Rule = definitions =>
  objectsOf(definitions).flatMap(type => {
    const keys = new Set(argumentsOf(type.directives, 'join__type', 'key'));
    const problem = `has the keys ${[...keys].map(key => `"${key}"`).join(' and ')}; an entity has one`;
    return keys.size > 1 ? [{ where: type.name.value, problem }] : [];
  });

function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  directive: string,
  argument: string,
): string[] {
  return (directives ?? [])
    .filter(({ name }) => name.value === directive)
    .flatMap(({ arguments: given = [] }) => given.filter(({ name }) => name.value === argument))
    .flatMap(({ value }) => ('value' in value && typeof value.value === 'string' ? [value.value] : []));
}
