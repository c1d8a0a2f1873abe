import { expect, test } from 'vitest';
import { compose } from './compose.ts';
import { checkConventions } from './conventions.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@tag", "@external", "@requires", "@authenticated", "@requiresScopes"])`;

const problemsOf = (...subgraphs: string[]): string[] => {
  const named = subgraphs.map((sdl, index) => ({ name: `s${index}`, routingUrl: 'http://s/graphql', sdl: LINK + sdl }));
  return checkConventions(compose(named).supergraph).map(({ where, problem }) => `${where} ${problem}`);
};

test('finds nothing in a schema that follows the rules', () => {
  const problems = problemsOf(`
    type Query { "The clock." now: Int @tag(name: "public") }
    type Mutation {
      "Sets it." setClock(input: SetClockInput!): SetClockPayload! @requiresScopes(scopes: [["clock:write"]])
      "Signs out." logOut: LogOutPayload! @authenticated
    }
    "How to set." input SetClockInput { at: Int! }
    "What was set." type SetClockPayload { now: Int mode: ClockMode }
    "Nothing." type LogOutPayload { now: Int }
    "How it runs." enum ClockMode { FAST REAL_TIME }
  `);

  expect(problems).toEqual([]);
});

test('demands exactly one mark of every root field', () => {
  const problems = problemsOf(`
    type Query { "a" none: Int "b" both: Int @tag(name: "public") @authenticated }
    type Subscription { "c" ticks: Int }
  `);

  expect(problems).toEqual([
    'Query.none carries none of them; exactly one of public, @authenticated, @requiresScopes is right',
    'Query.both carries @authenticated and public; exactly one of public, @authenticated, @requiresScopes is right',
    'Subscription.ticks carries none of them; exactly one of public, @authenticated, @requiresScopes is right',
  ]);
});

test('holds mutations to verbNoun(input: VerbNounInput!): VerbNounPayload!', () => {
  const problems = problemsOf(`
    type Query { "a" now: Int @tag(name: "public") }
    type Mutation { "b" clock(at: Int): Int @authenticated }
  `);

  expect(problems).toEqual([
    'Mutation.clock is not named by a verb and a noun',
    'Mutation.clock takes (at: Int), not (input: ClockInput!)',
    'Mutation.clock answers Int, not ClockPayload!',
  ]);
});

test('names what is not in the right case and what has no description', () => {
  const problems = problemsOf(`
    type Query { Now_at(From: Int): clock_mode @tag(name: "public") }
    enum clock_mode { fast }
  `);

  expect(problems.sort()).toEqual([
    'Query.Now_at has no description',
    'Query.Now_at is not camelCase',
    'Query.Now_at.From is not camelCase',
    'clock_mode has no description',
    'clock_mode is not PascalCase',
    'clock_mode.fast is not SCREAMING_CASE',
  ]);
});

test('refuses arguments inside @requires and mixed keys of an entity', () => {
  const problems = problemsOf(
    `type Query { "a" thing: Thing @tag(name: "public") }
     "A thing." type Thing @key(fields: "id") @key(fields: "serial") { id: ID! serial: ID! size(unit: Int): Int }`,
    `type Thing @key(fields: "id") { id: ID! size(unit: Int): Int @external weight: Int @requires(fields: "size(unit: 1)") }`,
  );

  expect(problems).toEqual([
    'Thing.weight @requires selects a field with an argument',
    'Thing has the keys "id" and "serial"; an entity has one',
  ]);
});
