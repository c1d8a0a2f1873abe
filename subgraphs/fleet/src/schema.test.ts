import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  parse,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { printSdl } from './schema.ts';

const sdl = printSdl();
const document = parse(sdl);

/** The root fields with the directives that stand on them. */
function rootFields(): { name: string; marks: string[] }[] {
  const fields: { name: string; marks: string[] }[] = [];
  visit(document, {
    ObjectTypeDefinition(node) {
      if (!['Query', 'Mutation', 'Subscription'].includes(node.name.value)) return;
      for (const field of node.fields ?? [])
        fields.push({
          name: `${node.name.value}.${field.name.value}`,
          marks: (field.directives ?? []).map(one => one.name.value).filter(name => name !== 'inaccessible'),
        });
    },
  });
  return fields;
}

test('every root field is open to everybody or to holders of a permission, never to none or both', () => {
  expect(rootFields().filter(({ marks }) => marks.length !== 1)).toEqual([]);
});

test('only joining the fleet is open to everybody', () => {
  expect(
    rootFields()
      .filter(({ marks }) => marks.includes('tag'))
      .map(({ name }) => name),
  ).toEqual(['Mutation.enrollDevice']);
});

test('every type and every root field says what it is', () => {
  const schema: GraphQLSchema = buildSchema(sdl, { assumeValid: true });
  const silent = Object.values(schema.getTypeMap())
    .filter(
      type =>
        !type.name.startsWith('__') &&
        !['Query', 'Mutation', 'Subscription', 'User', 'Organization', 'Site'].includes(type.name),
    )
    .filter(type => isObjectType(type) || isInputObjectType(type) || isEnumType(type) || isScalarType(type))
    .filter(type => !type.description && !['ID', 'String', 'Int', 'Float', 'Boolean'].includes(type.name))
    .map(type => type.name);

  expect(silent).toEqual([]);
});

test('inputs that scripts outside rely on stay as they are', () => {
  const { RunCommandInput } = buildSchema(sdl, { assumeValid: true }).getTypeMap();

  expect(isInputObjectType(RunCommandInput) && Object.keys(RunCommandInput.getFields())).toEqual(
    expect.arrayContaining([
      'requestKey',
      'deviceId',
      'shell',
      'script',
      'arguments',
      'environment',
      'workingDirectory',
      'runAs',
      'timeoutSeconds',
      'expiresInSeconds',
    ]),
  );
});
