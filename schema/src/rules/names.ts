import { type DefinitionNode, Kind, type NameNode, type StringValueNode } from 'graphql';
import { rootFieldsOf } from './fields.ts';
import type { Problem, Rule } from './rule.ts';

const PASCAL = /^[A-Z][A-Za-z0-9]*$/;
const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const SCREAMING = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** Types are Pascal, fields and arguments camel, enum values SCREAMING. */
export const checkNames: Rule = definitions => definitions.flatMap(checkDefinition);

/** Every type and every root field says what it is for. */
export const checkDescriptions: Rule = definitions => {
  const types = definitions.flatMap(definition => {
    const where = nameOf(definition);
    const isRoot = where === 'Query' || where === 'Mutation' || where === 'Subscription';
    return where && !isRoot ? [{ where, description: descriptionOf(definition) }] : [];
  });
  const fields = rootFieldsOf(definitions).map(({ where, field }) => ({ where, description: field.description }));
  return [...types, ...fields]
    .filter(({ description }) => !description?.value.trim())
    .map(({ where }) => ({ where, problem: 'has no description' }));
};

function checkDefinition(definition: DefinitionNode): Problem[] {
  const type = nameOf(definition);
  if (type === undefined) return [];
  const problems = breach(type, { pattern: PASCAL, style: 'PascalCase', name: type });
  if (definition.kind === Kind.ENUM_TYPE_DEFINITION) problems.push(...checkParts(type, definition.values, SCREAMING));
  if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    problems.push(...checkParts(type, definition.fields, CAMEL));
  if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    problems.push(...checkParts(type, definition.fields, CAMEL));
    for (const field of definition.fields ?? [])
      problems.push(...checkParts(`${type}.${field.name.value}`, field.arguments, CAMEL));
  }
  return problems;
}

function checkParts(owner: string, parts: readonly { name: NameNode }[] = [], pattern: RegExp): Problem[] {
  const style = pattern === CAMEL ? 'camelCase' : 'SCREAMING_CASE';
  return parts.flatMap(({ name }) => breach(`${owner}.${name.value}`, { pattern, style, name: name.value }));
}

function breach(where: string, wish: { pattern: RegExp; style: string; name: string }): Problem[] {
  return wish.pattern.test(wish.name) ? [] : [{ where, problem: `is not ${wish.style}` }];
}

function nameOf(definition: DefinitionNode): string | undefined {
  return 'name' in definition ? definition.name?.value : undefined;
}

function descriptionOf(definition: DefinitionNode): StringValueNode | undefined {
  return 'description' in definition ? definition.description : undefined;
}
