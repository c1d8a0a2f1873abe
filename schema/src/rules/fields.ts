import { type DefinitionNode, type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode } from 'graphql';

/** A field and its name as people write it: `Type.field`. */
export interface PlacedField {
  readonly where: string;
  readonly field: FieldDefinitionNode;
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** Every object type among the definitions. */
export function objectsOf(definitions: readonly DefinitionNode[]): ObjectTypeDefinitionNode[] {
  return definitions.filter(definition => definition.kind === Kind.OBJECT_TYPE_DEFINITION);
}

/** Every field of an object type. */
export function fieldsOf(type: ObjectTypeDefinitionNode): PlacedField[] {
  return (type.fields ?? []).map(field => ({ where: `${type.name.value}.${field.name.value}`, field }));
}

/** Every field of Query, Mutation and Subscription. */
export function rootFieldsOf(definitions: readonly DefinitionNode[]): PlacedField[] {
  return objectsOf(definitions)
    .filter(type => ROOTS.has(type.name.value))
    .flatMap(fieldsOf);
}
