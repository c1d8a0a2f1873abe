import { anonymousViewer } from '@muster/kit/auth/viewer';
import { compose } from '@muster/schema/compose';
import { buildSchema, type GraphQLField, type GraphQLSchema, getNamedType, isObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import { AccessMap } from './access/access-map.ts';
import { codesOf, post, socketClient, subscribe } from './testing/clients.ts';
import { FixtureWorld, fixtureServices } from './testing/graph.ts';
import { ada, startFixture } from './testing/start-fixture.ts';

const fixtureSchema = compose(
  fixtureServices(new FixtureWorld()).map(({ name, sdl }) => ({ name, sdl, routingUrl: 'http://x.invalid/' })),
);
const api = buildSchema(fixtureSchema.api);
const PUBLIC = new Set(['viewer', 'logIn', 'slow', 'broken', 'requestId']);

/** An operation for every root field of the graph, so that a new field is covered from its first day. */
function operationsOf(schema: GraphQLSchema): { name: string; kind: string; query: string }[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.flatMap(root =>
    Object.values(root?.getFields() ?? {}).map(field => {
      const kind = root?.name.toLowerCase() ?? '';
      return { name: field.name, kind, query: operationFor(kind, field) };
    }),
  );
}

function operationFor(kind: string, field: GraphQLField<unknown, unknown>): string {
  const variables = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isObjectType(getNamedType(field.type)) ? '{ __typename }' : '';
  return `${kind}${variables && `(${variables})`} { ${field.name}${given && `(${given})`} ${selection} }`;
}

const guarded = operationsOf(api).filter(({ name }) => !PUBLIC.has(name));

test('denies every root field that is not public to anonymous callers over HTTP', async () => {
  await using fixture = await startFixture();

  for (const { name, kind, query } of guarded.filter(({ kind }) => kind !== 'subscription')) {
    const answer = await post(fixture.router.url, { query });
    expect([name, kind, answer.status, codesOf(answer)]).toEqual([name, kind, 401, ['UNAUTHENTICATED']]);
    expect(answer.errors?.[0]?.message).toContain(`.${name}.`);
  }
});

test('denies every root field that is not public to anonymous callers over the socket', async () => {
  await using fixture = await startFixture();
  const client = socketClient(fixture.router.url);

  expect(guarded.map(({ kind }) => kind)).toContain('subscription');
  for (const { name, query } of guarded) {
    const refusal = await subscribe(client, query)
      .next()
      .catch((error: unknown) => error);
    expect([name, refusal]).toMatchObject([name, [{ extensions: { code: 'UNAUTHENTICATED' } }]]);
  }
});

test('denies every root field with a scope to a caller without any, over HTTP and the socket', async () => {
  await using fixture = await startFixture();
  fixture.world.addSession('powerless', { ...ada, permissions: [] });
  const client = socketClient(fixture.router.url, 'powerless');
  const scoped = guarded.filter(({ name }) => name !== 'logOut');

  for (const { name, kind, query } of scoped) {
    const refusal = await subscribe(client, query)
      .next()
      .catch((error: unknown) => error);
    expect([name, refusal]).toMatchObject([name, [{ extensions: { code: 'FORBIDDEN' } }]]);
    if (kind === 'subscription') continue;
    const answer = await post(fixture.router.url, { query, token: 'powerless' });
    expect([name, answer.status, codesOf(answer)]).toEqual([name, 403, ['FORBIDDEN']]);
  }
});

test.each([
  ['a field behind a join', '{ device(id: "d1") { rack { name } } }', 'Device.rack needs rack:read.'],
  ['a type behind a path', '{ organization(id: "o1") { vault { secret } } }', 'Organization.vault needs vault:read.'],
  [
    'a type in a fragment',
    '{ organization(id: "o1") { ...f } } fragment f on Organization { vault { __typename } }',
    'Organization.vault needs vault:read.',
  ],
  [
    'a type under an alias',
    '{ o: organization(id: "o1") { harmless: vault { secret } } }',
    'Organization.vault needs vault:read.',
  ],
])('demands the permission of %s', async (_, query, message) => {
  await using fixture = await startFixture();
  fixture.world.addSession('reader', { ...ada, permissions: ['device:read', 'organization:read'] });

  const answer = await post(fixture.router.url, { query, token: 'reader' });

  expect(answer.status).toBe(403);
  expect(answer.errors?.[0]?.message).toBe(message);
  expect(answer.data).toBeUndefined();
});

test('demands the permissions of joined fields of a subscription', async () => {
  await using fixture = await startFixture();
  fixture.world.addSession('reader', { ...ada, permissions: ['device:read'] });
  const client = socketClient(fixture.router.url, 'reader');

  const events = subscribe(client, 'subscription { deviceChanged { device { rack { name } } } }');

  await expect(events.next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(fixture.world.opened).toEqual([]);
});

test('shows the schema to signed-in callers only, and to nobody where introspection is off', async () => {
  await using fixture = await startFixture();
  await using closed = await startFixture({ introspection: false });
  const query = '{ __schema { queryType { name } } }';

  expect(codesOf(await post(fixture.router.url, { query }))).toEqual(['UNAUTHENTICATED']);
  expect((await post(fixture.router.url, { query, token: 'ada-token' })).data).toEqual({
    __schema: { queryType: { name: 'Query' } },
  });
  expect(codesOf(await post(closed.router.url, { query, token: 'ada-token' }))).toEqual(['BAD_USER_INPUT']);
  const refusal = await subscribe(socketClient(closed.router.url, 'ada-token'), query)
    .next()
    .catch((errors: unknown) => errors);
  expect(codesOf({ errors: refusal as never })).toContain('BAD_USER_INPUT');
});

test('hides what is inaccessible, also from callers who would have the permission', async () => {
  await using fixture = await startFixture();
  fixture.world.addSession('insider', { ...ada, permissions: [...ada.permissions, 'internal:router'] });

  for (const query of [
    '{ authentication(credential: "ada-token") { viewer } }',
    '{ _entities(representations: []) { __typename } }',
    '{ _service { sdl } }',
    '{ device(id: "d1") { note } }',
  ])
    expect(codesOf(await post(fixture.router.url, { query, token: 'insider' }))).toEqual(['BAD_USER_INPUT']);
});

test('denies a root field without any mark to everybody', () => {
  const sdl = 'type Query { forgotten: Int open: Int @tag(name: "public") }';
  const access = new AccessMap(sdl, buildSchema(`directive @tag(name: String!) on FIELD_DEFINITION ${sdl}`));

  expect(access.denial(parse('{ forgotten }'), ada)?.message).toBe('Query.forgotten is open to nobody.');
  expect(access.denial(parse('{ open __typename }'), anonymousViewer)).toBeUndefined();
});

test('asks for the requirement of every type that can stand behind an interface', () => {
  const directives =
    'directive @tag(name: String!) on FIELD_DEFINITION directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | FIELD_DEFINITION';
  const sdl = `type Query { things: [Thing!]! @tag(name: "public") } interface Thing { name: String }
    type Open implements Thing { name: String } type Closed implements Thing { name: String @requiresScopes(scopes: [["closed:read"]]) }`;
  const access = new AccessMap(sdl, buildSchema(`${directives} ${sdl}`));

  expect(access.denial(parse('{ things { name } }'), ada)?.message).toBe('Thing.name needs closed:read.');
  expect(access.denial(parse('{ things { ... on Open { name } } }'), ada)).toBeUndefined();
});
