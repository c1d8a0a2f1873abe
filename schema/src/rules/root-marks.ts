import type { ConstDirectiveNode } from 'graphql';
import { rootFieldsOf } from './fields.ts';
import type { Rule } from './rule.ts';

/** A root field is open to anybody, to any signed-in caller, or to holders of a permission: exactly one is said. */
export const checkRootMarks: Rule = definitions =>
  rootFieldsOf(definitions).flatMap(({ where, field }) => {
    const marks = marksOf(field.directives ?? []);
    if (marks.length === 1) return [];
    const found = marks.length === 0 ? 'none of them' : marks.join(' and ');
    return [{ where, problem: `carries ${found}; exactly one of public, @authenticated, @requiresScopes is right` }];
  });

function marksOf(directives: readonly ConstDirectiveNode[]): string[] {
  return directives.flatMap(({ name, arguments: given = [] }) => {
    if (name.value === 'authenticated' || name.value === 'requiresScopes') return [`@${name.value}`];
    const isPublic = name.value === 'tag' && given.some(({ value }) => 'value' in value && value.value === 'public');
    return isPublic ? ['public'] : [];
  });
}
