import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { RequestContext } from '../context.ts';
import { denialOf, type Requirement, requirementOf } from './requirement.ts';

/**
 * Wraps every field that carries a requirement, or that leads to a type which carries one, so that the service refuses
 * by itself what the router should already have refused. Checks stand at entries, not at each leaf of a list.
 */
export function enforceAccess(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) guard(field, type.name);
  }
}

function guard(field: GraphQLField<unknown, RequestContext>, typeName: string): void {
  const requirements = [field.astNode, getNamedType(field.type).astNode]
    .map(node => (node && 'directives' in node ? requirementOf(node.directives) : undefined))
    .filter((requirement): requirement is Requirement => requirement !== undefined);
  if (requirements.length === 0) return;
  const where = `${typeName}.${field.name}`;
  const check = (context: RequestContext): void => {
    for (const requirement of requirements) {
      const denial = denialOf(context.viewer, requirement, where);
      if (denial) throw denial;
    }
  };
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (...call) => {
    check(call[2]);
    return resolve(...call);
  };
  if (!subscribe) return;
  field.subscribe = (...call) => {
    check(call[2]);
    return subscribe(...call);
  };
}
