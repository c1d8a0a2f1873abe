import { execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createContext } from '../context.ts';
import { defineSdlSubgraph } from '../testing/sdl-subgraph.ts';
import { anonymousViewer, type Viewer } from './viewer.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@authenticated", "@requiresScopes"])
  type Query {
    open: String @tag(name: "public")
    mine: String @authenticated
    secret: String @requiresScopes(scopes: [["secret:read"], ["secret:write", "secret:find"]])
    things: [Thing!]! @tag(name: "public")
  }
  type Thing @requiresScopes(scopes: [["thing:read"]]) { id: ID! }
`;
const schema = defineSdlSubgraph('test', SDL, {
  Query: { open: () => 'open', mine: () => 'mine', secret: () => 'secret', things: () => [{ id: '1' }, { id: '2' }] },
}).schema;

const ask = async (query: string, permissions?: readonly string[]) => {
  const viewer: Viewer = permissions ? { ...anonymousViewer, kind: 'USER', id: 'u1', permissions } : anonymousViewer;
  const { data, errors } = await execute({ schema, document: parse(query), contextValue: createContext({ viewer }) });
  return errors?.[0]?.extensions.code ?? data;
};

test('lets anybody to an open field, and anybody known to one for the signed-in', async () => {
  expect(await ask('{ open }')).toEqual({ open: 'open' });
  expect(await ask('{ mine }')).toBe('UNAUTHENTICATED');
  expect(await ask('{ mine }', [])).toEqual({ mine: 'mine' });
});

test('wants one of the groups of permissions, and all of that group', async () => {
  expect(await ask('{ secret }')).toBe('UNAUTHENTICATED');
  expect(await ask('{ secret }', ['secret:write'])).toBe('FORBIDDEN');
  expect(await ask('{ secret }', ['secret:read'])).toEqual({ secret: 'secret' });
  expect(await ask('{ secret }', ['secret:find', 'secret:write'])).toEqual({ secret: 'secret' });
});

test('guards a type at every way to it, also where the way itself is open', async () => {
  expect(await ask('{ things { id } }', ['secret:read'])).toBe('FORBIDDEN');
  expect(await ask('{ things { id } }', ['thing:read'])).toEqual({ things: [{ id: '1' }, { id: '2' }] });
});
