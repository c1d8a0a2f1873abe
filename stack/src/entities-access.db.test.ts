import { readFileSync } from 'node:fs';
import { startAccounts } from '@muster/accounts/main';
import { accountsSchemas } from '@muster/accounts/store';
import { startFleet } from '@muster/fleet/main';
import { type Requirement, requirementOf } from '@muster/kit/auth/requirement';
import type { Viewer } from '@muster/kit/auth/viewer';
import { LocalBus } from '@muster/kit/bus';
import { createContext } from '@muster/kit/context';
import { provisionDatabase } from '@muster/kit/database/provision';
import { newId } from '@muster/kit/ids';
import { InProcessExecutor } from '@muster/kit/in-process';
import { createLog } from '@muster/kit/log';
import { createTestDatabase, type TestDatabase } from '@muster/kit/testing/postgres';
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What the router plans from: a new entity, field or service is in this test from its first day.
const supergraph = parse(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
const objects = new Map(
  supergraph.definitions
    .filter((definition): definition is ObjectTypeDefinitionNode => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .map(type => [type.name.value, type]),
);

/** Entities that a service answers without a permission of the type: their rows are still within the viewer's sight. */
const WITHOUT_SCOPE = ['accounts User'];

interface Entity {
  readonly service: string;
  readonly type: ObjectTypeDefinitionNode;
}

const entities: Entity[] = [...objects.values()].flatMap(type =>
  directivesOf(type.directives, 'join__type')
    .filter(given => given.has('key') && given.get('resolvable') !== 'false')
    .map(given => ({ service: String(given.get('graph')).toLowerCase(), type })),
);

let database: TestDatabase;
const services = new Map<string, InProcessExecutor>();
const started = new AsyncDisposableStack();

beforeAll(async () => {
  database = await createTestDatabase('entities');
  const provisioned = await provisionDatabase(database.url, [accountsSchemas, 'fleet'], name => `password-of-${name}`);
  const urlOf = (name: string): string => provisioned.get(name)?.url ?? '';
  const log = createLog({ level: 'silent' });
  const bus = started.use(new LocalBus());
  const accounts = started.use(await startAccounts({ databaseUrl: urlOf('accounts'), log }));
  const facts = { masterSecret: 'a secret of the tests, long enough', publicUrl: 'http://localhost:4400', bus, log };
  const fleet = started.use(await startFleet({ databaseUrl: urlOf('fleet'), ...facts }));
  for (const { name, schema } of [accounts, fleet]) services.set(name, new InProcessExecutor(schema, () => {}));
});
afterAll(async () => {
  await started.disposeAsync();
  await database[Symbol.asyncDispose]();
});

const powerless: Viewer = {
  kind: 'USER',
  id: newId(),
  name: 'Nobody in particular',
  permissions: [],
  scope: { kind: 'ALL' },
};

async function ask({ service, type }: Entity, { field, viewer }: { field: string; viewer?: Viewer }) {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on ${type.name.value} { ${field} } } }`;
  const representations = [{ __typename: type.name.value, id: newId() }];
  const executor = services.get(service);
  if (!executor) throw new Error(`the test starts no service ${service}`);
  const { data, errors } = await executor.execute(
    { query, variables: { representations } },
    createContext({ viewer: viewer ?? powerless }),
  );
  const [entity] = (data?._entities ?? [null]) as (Record<string, unknown> | null)[];
  return { entity, codes: (errors ?? []).map(error => error.extensions?.code) };
}

test('finds the entities of every service', () => {
  expect(new Set(entities.map(({ service }) => service))).toEqual(new Set(['accounts', 'fleet']));
  expect(entities.map(nameOf)).toContain('fleet Device');
});

test('each entity that a service answers without a scope is meant to be', async () => {
  const open = await filter(entities, async entity => {
    const { codes } = await ask(entity, { field: '__typename' });
    return !codes.includes('FORBIDDEN');
  });

  // a stub gives back the id it was given; what it adds is asked for below
  expect(open.filter(entity => !isStub(entity)).map(nameOf)).toEqual(WITHOUT_SCOPE);
});

test.each(entities.map(entity => [nameOf(entity), entity] as const))(
  'every path of %s is denied without its scope, whatever else the caller may do',
  async (_, entity) => {
    for (const { name, text, requirements } of fieldsOf(entity)) {
      if (requirements.length === 0) continue;
      for (const missing of new Set(requirements.flatMap(({ scopes }) => scopes.flat()))) {
        const viewer = { ...powerless, permissions: everyPermission.filter(permission => permission !== missing) };
        const { entity: answered, codes } = await ask(entity, { field: text, viewer });
        // a row that is not there has no fields to refuse, and tells nothing either
        const isDenied = codes.includes('FORBIDDEN') || answered === null;
        expect([name, missing, answered?.[name] ?? null, isDenied]).toEqual([name, missing, null, true]);
      }
    }
  },
);

test.each(entities.map(entity => [nameOf(entity), entity] as const))(
  '%s tells nobody anything without a credential',
  async (_, entity) => {
    const [own] = fieldsOf(entity);
    const anonymous: Viewer = { ...powerless, kind: 'ANONYMOUS', id: '', scope: { kind: 'ORGANIZATIONS', ids: [] } };

    const { entity: answered } = await ask(entity, { field: own?.text ?? '__typename', viewer: anonymous });

    expect(answered?.[own?.name ?? ''] ?? null).toBeNull();
  },
);

const everyPermission = [
  ...new Set(
    [...objects.values()].flatMap(type =>
      [type.directives, ...(type.fields ?? []).map(field => field.directives)].flatMap(
        directives => requirementOf(directives)?.scopes.flat() ?? [],
      ),
    ),
  ),
];

interface Path {
  readonly name: string;
  readonly text: string;
  readonly requirements: readonly Requirement[];
}

/** The fields that a service adds to an entity, with what stands on the entity there, the field and its type. */
function fieldsOf({ service, type }: Entity): Path[] {
  return (type.fields ?? [])
    .filter(field => isAnsweredBy(service, field))
    .map(field => {
      const target = objects.get(namedType(field.type));
      const typeRequirement = isStub({ service, type }) ? undefined : requirementOf(type.directives);
      const requirements = [typeRequirement, requirementOf(field.directives), requirementOf(target?.directives)];
      const name = field.name.value;
      return {
        name,
        text: target ? `${name} { __typename }` : name,
        requirements: requirements.filter(one => one !== undefined),
      };
    });
}

/** True where the field is no key and the service is one that answers it. */
function isAnsweredBy(service: string, field: FieldDefinitionNode): boolean {
  const graphs = directivesOf(field.directives, 'join__field').map(given => String(given.get('graph')).toLowerCase());
  return field.name.value !== 'id' && (graphs.length === 0 || graphs.includes(service));
}

/** A service that adds fields to another's entity without its requirement, which composition takes from the owner. */
function isStub({ service, type }: Entity): boolean {
  const sdl = parse(readFileSync(new URL(`../../schema/subgraphs/${service}.graphql`, import.meta.url), 'utf8'));
  const own = sdl.definitions.find(
    (definition): definition is ObjectTypeDefinitionNode =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === type.name.value,
  );
  return requirementOf(type.directives) !== undefined && requirementOf(own?.directives) === undefined;
}

function directivesOf(directives: readonly ConstDirectiveNode[] | undefined, name: string): Map<string, unknown>[] {
  return (directives ?? [])
    .filter(directive => directive.name.value === name)
    .map(
      ({ arguments: given = [] }) =>
        new Map(given.map(({ name: key, value }) => [key.value, 'value' in value ? String(value.value) : undefined])),
    );
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function nameOf({ service, type }: Entity): string {
  return `${service} ${type.name.value}`;
}

async function filter<T>(list: readonly T[], isWanted: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (const one of list) if (await isWanted(one)) kept.push(one);
  return kept;
}
