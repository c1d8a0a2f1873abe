import { findAppError } from '@muster/kit/errors';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { documentLimits, limitDocuments } from './limits.ts';

const schema = buildSchema('directive @d repeatable on FIELD | FRAGMENT_SPREAD type Query { a: Query b(x: Int): Int }');

const problemsOf = (source: string): string[] =>
  validate(schema, parse(source), [limitDocuments]).map(error => `${findAppError(error)?.code}: ${error.message}`);

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const nested = (depth: number): string => (depth === 1 ? '{ b }' : `{ a ${nested(depth - 1)} }`);

test('lets a document at each limit pass', () => {
  expect(problemsOf(nested(documentLimits.depth))).toEqual([]);
  expect(problemsOf(`{ a { ${times(documentLimits.aliases, i => `x${i}: b`)} } }`)).toEqual([]);
  expect(problemsOf(`{ b ${times(documentLimits.directives, () => '@d')} }`)).toEqual([]);
});

test.each([
  ['depth', nested(documentLimits.depth + 1)],
  ['aliases', `{ a { ${times(documentLimits.aliases + 1, i => `x${i}: b`)} } }`],
  ['aliases', `{ a { ${times(documentLimits.aliases + 1, i => `x${i}: __typename`)} } }`],
  ['root fields', `{ ${times(documentLimits['root fields'] + 1, () => 'b')} }`],
  ['directives', `{ b ${times(documentLimits.directives + 1, () => '@d')} }`],
  ['depth', `{ a { ...f } } fragment f on Query ${nested(documentLimits.depth)}`],
  ['aliases', `{ a { ${times(4, () => '...f')} } } fragment f on Query { ${times(8, i => `x${i}: b`)} }`],
])('refuses too many %s', (name, source) => {
  const limit = documentLimits[name as keyof typeof documentLimits];
  expect(problemsOf(source)).toEqual([`LIMIT_EXCEEDED: The operation has more than ${limit} ${name}.`]);
});

test('measures doubling fragments in no time', () => {
  const doubling = times(40, i => `fragment f${i} on Query { a { ...f${i + 1} } c: a { ...f${i + 1} } }`);
  const started = performance.now();

  const problems = problemsOf(`{ ...f0 } ${doubling} fragment f40 on Query { b }`);

  expect(problems).toContain(`LIMIT_EXCEEDED: The operation has more than ${documentLimits.fields} fields.`);
  expect(performance.now() - started).toBeLessThan(200);
});

test('comes to an end with fragments in a circle', () => {
  expect(problemsOf('{ ...f } fragment f on Query { a { ...g } } fragment g on Query { a { ...f } }')).toEqual([]);
});

test('leaves the depth of introspection to graphql', () => {
  const deep =
    '{ __schema { types { fields { args { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } }';

  expect(problemsOf(deep)).toEqual([]);
});
