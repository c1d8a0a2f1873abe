import { expect, test } from 'vitest';
import { CompositionError, compose } from './compose.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible", "@requiresScopes"])`;
const subgraph = (name: string, sdl: string) => ({
  name,
  routingUrl: `http://${name}/graphql`,
  sdl: `${LINK}\n${sdl}`,
});

const problemsOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof CompositionError) return error.problems;
    throw error;
  }
  return [];
};

test('joins an entity over two subgraphs and keeps the access directives for the router', () => {
  const { supergraph, api } = compose([
    subgraph(
      'fleet',
      'type Query { device: Device @requiresScopes(scopes: [["device:read"]]) } type Device @key(fields: "id") { id: ID! }',
    ),
    subgraph('netbox', 'type Device @key(fields: "id") { id: ID! rack: String }'),
  ]);

  expect(supergraph).toContain('@requiresScopes(scopes: [["device:read"]])');
  expect(api).toMatch(/type Device \{\n {2}id: ID!\n {2}rack: String\n\}/);
});

test('hides what is inaccessible from the public schema only', () => {
  const { supergraph, api } = compose([subgraph('fleet', 'type Query { open: Int hidden: Int @inaccessible }')]);

  expect(supergraph).toContain('hidden');
  expect(api).toContain('open');
  expect(api).not.toContain('hidden');
});

test('names code, subgraph, line and source of an invalid key', () => {
  const [problem] = problemsOf(() =>
    compose([subgraph('fleet', 'type Query { device: Device }\n\ntype Device @key(fields: "serial") { id: ID! }')]),
  );

  expect(problem).toMatch(/^KEY_INVALID_FIELDS: /);
  expect(problem).toContain('in subgraph fleet: fleet.graphql:4');
  expect(problem).toContain('4 | type Device @key(fields: "serial")');
});

test('names both subgraphs where they disagree on a type', () => {
  const [problem] = problemsOf(() =>
    compose([
      subgraph('fleet', 'type Query { device: Device } type Device @key(fields: "id") { id: ID! } enum Kind { A }'),
      subgraph('netbox', 'type Device @key(fields: "id") { id: ID! } type Kind { a: Int }'),
    ]),
  );

  expect(problem).toMatch(/^TYPE_KIND_MISMATCH: /);
  expect(problem).toContain('"fleet"');
  expect(problem).toContain('"netbox"');
});

test('names subgraph and line of a syntax error', () => {
  const [problem] = problemsOf(() => compose([subgraph('fleet', 'type Query {\n  device Device\n}')]));

  expect(problem).toMatch(/^SYNTAX_ERROR: /);
  expect(problem).toContain('in subgraph fleet: fleet.graphql:3:10');
});
