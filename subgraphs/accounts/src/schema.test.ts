import { buildSchema, type GraphQLObjectType, isObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import { printSdl } from './schema.ts';

const DEFINITIONS = `
directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT | INTERFACE
directive @shareable on OBJECT | FIELD_DEFINITION
directive @inaccessible on OBJECT | FIELD_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION
directive @authenticated on OBJECT | FIELD_DEFINITION
directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | FIELD_DEFINITION
`;
const schema = buildSchema(DEFINITIONS + printSdl().replace(/^extend schema.*$/m, ''));

test('prints its SDL without a database', () => {
  expect(() => parse(printSdl())).not.toThrow();
  expect(printSdl()).toBe(printSdl());
});

test('says of every root field who may call it, in exactly one way', () => {
  for (const root of [schema.getQueryType(), schema.getMutationType()] as GraphQLObjectType[])
    for (const field of Object.values(root.getFields())) {
      const marks = (field.astNode?.directives ?? []).map(directive => directive.name.value);
      const access = marks.filter(mark => ['tag', 'authenticated', 'requiresScopes'].includes(mark));
      expect(access, `${root.name}.${field.name}`).toHaveLength(1);
    }
});

test('guards every way to a tenant', () => {
  for (const name of ['Organization', 'Site'])
    expect(schema.getType(name)?.astNode).toMatchObject({
      directives: expect.arrayContaining([
        expect.objectContaining({ name: expect.objectContaining({ value: 'requiresScopes' }) }),
      ]),
    });
});

test('describes every type and every root field', () => {
  const own = Object.values(schema.getTypeMap()).filter(type => type.astNode && !/^(Query|Mutation)$/.test(type.name));
  expect(own.filter(type => !type.description).map(type => type.name)).toEqual([]);
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(root?.getFields() ?? {})) expect(field.description, field.name).toBeTruthy();
});

test('shows nothing of how people are stored', () => {
  const user = schema.getType('User');
  expect(isObjectType(user) && Object.keys(user.getFields()).sort()).toEqual([
    'apiKeys',
    'createdAt',
    'email',
    'grants',
    'hasSecondFactor',
    'id',
    'lastSeenAt',
    'name',
    'sessions',
    'status',
  ]);
  expect(printSdl().replace('hash: String', '')).not.toMatch(/hash/i);
});
