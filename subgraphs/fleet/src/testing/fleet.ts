import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Viewer } from '@muster/kit/auth/viewer';
import { LocalBus } from '@muster/kit/bus';
import { createContext, type RequestContext } from '@muster/kit/context';
import { provisionDatabase } from '@muster/kit/database/provision';
import { InProcessExecutor } from '@muster/kit/in-process';
import { createLog } from '@muster/kit/log';
import type { Service } from '@muster/kit/service';
import { createTestDatabase } from '@muster/kit/testing/postgres';
import pg from 'pg';
import { AGENT_PERMISSION } from '../identity/device-credential.ts';
import { deviceIdOf } from '../identity/device-key.ts';
import { type FleetOptions, startFleet } from '../main.ts';
import type { FleetSettings } from '../settings.ts';

const PERMISSIONS = [
  'device:read',
  'device:write',
  'device:move',
  'device:enroll',
  'device:revoke',
  'command:read',
  'command:run',
  'script:read',
  'script:write',
  'settings:write',
];

/** A fleet over a fresh database, and a superuser's view of it. */
export interface TestFleet extends AsyncDisposable {
  readonly service: Service;
  readonly bus: LocalBus;
  readonly organizationId: string;
  readonly siteId: string;
  /** A second organization with a site. */
  readonly other: { readonly organizationId: string; readonly siteId: string };
  /** Data of an operation, or an error with the answer's code. */
  graph<T = Record<string, never>>(query: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<T>;
  /** Events of a subscription. */
  events<T>(query: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<AsyncIterator<T>>;
  sql<T extends object>(text: string, values?: unknown[]): Promise<T[]>;
  /** Another process over the same database. */
  startAnother(settings?: Partial<FleetSettings>): Promise<TestProcess>;
}

/** One process of the fleet. */
export interface TestProcess extends AsyncDisposable {
  readonly service: Service;
  graph: TestFleet['graph'];
  events: TestFleet['events'];
}

/** A person with all of the fleet's permissions over everything, or over some organizations. */
export function anOperator(organizationIds?: readonly string[]): Viewer {
  const scope = organizationIds
    ? ({ kind: 'ORGANIZATIONS', ids: organizationIds } as const)
    : ({ kind: 'ALL' } as const);
  return { kind: 'USER', id: randomUUID(), name: 'Ada', permissions: PERMISSIONS, scope };
}

/** A device as the router would present it. */
export function aDeviceViewer(id: string): Viewer {
  return {
    kind: 'DEVICE',
    id,
    name: 'box',
    permissions: [AGENT_PERMISSION],
    scope: { kind: 'ORGANIZATIONS', ids: [] },
  };
}

/** Starts a fleet whose two sites, of an organization each, are known to the directory. */
export async function startTestFleet(
  settings: Partial<FleetSettings> = {},
  { logLevel = 'error' }: { logLevel?: string } = {},
): Promise<TestFleet> {
  const database = await createTestDatabase('fleet');
  const [own, other] = [newPlace(), newPlace()];
  const admin = new pg.Client(database.url);
  await admin.connect();
  const provisioned = await provisionDatabase(database.url, ['fleet'], () => 'fleet-test-password');
  await admin.query(`create schema directory; grant usage on schema directory to public;
    create table directory.site (id uuid, organization_id uuid);
    insert into directory.site values ('${own.siteId}', '${own.organizationId}'), ('${other.siteId}', '${other.organizationId}');
    create function directory.organization_of_site(uuid) returns uuid language sql security definer as 'select organization_id from directory.site where id = $1'`);
  const bus = new LocalBus();
  const startAnother = (more: Partial<FleetSettings> = settings) =>
    startProcess({ databaseUrl: provisioned.get('fleet')?.url ?? '', bus, settings: more, logLevel });
  const first = await startAnother();
  return {
    ...own,
    other,
    bus,
    service: first.service,
    graph: first.graph,
    events: first.events,
    startAnother,
    sql: async (text, values) => (await admin.query(text, values)).rows,
    async [Symbol.asyncDispose]() {
      await first[Symbol.asyncDispose]();
      await admin.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

const newPlace = () => ({ organizationId: randomUUID(), siteId: randomUUID() });

async function startProcess({
  logLevel,
  ...options
}: Pick<FleetOptions, 'databaseUrl' | 'bus'> & {
  settings: Partial<FleetSettings>;
  logLevel: string;
}): Promise<TestProcess> {
  const log = createLog({ level: logLevel });
  const service = await startFleet({ ...options, masterSecret: 'test', publicUrl: 'http://localhost:4400', log });
  const executor = new InProcessExecutor(service.schema, error => log.error({ err: error }, 'defect'));
  const operator = anOperator();
  const contextOf = (viewer: Viewer = operator): RequestContext => createContext({ viewer });
  return {
    service,
    graph: async (query, variables, viewer) => dataOf(await executor.execute({ query, variables }, contextOf(viewer))),
    events: async <T>(query: string, variables?: Record<string, unknown>, viewer?: Viewer) =>
      toData<T>(await executor.subscribe({ query, variables }, contextOf(viewer))),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function toData<T>(source: Awaited<ReturnType<InProcessExecutor['subscribe']>>): AsyncIterator<T> {
  return {
    next: async () => {
      const step = await source.next();
      return step.done
        ? { done: true as const, value: undefined }
        : { done: false as const, value: dataOf<T>(step.value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true as const, value: undefined };
    },
  };
}

function dataOf<T>(result: { data?: unknown; errors?: readonly { message: string; extensions?: unknown }[] }): T {
  const [error] = result.errors ?? [];
  if (error) throw Object.assign(new Error(error.message), { extensions: error.extensions });
  return result.data as T;
}

/** A key pair as a device makes it. */
export interface TestKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
  readonly deviceId: string;
}

/** Fresh keys and the id that follows from them. */
export function newKeys(): TestKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  return { privateKey, publicKey: raw, deviceId: deviceIdOf(Buffer.from(raw, 'base64url')) };
}

/** The application of a device that holds the keys. */
export function applicationOf(keys: TestKeys, token: string, hostname = 'web-1') {
  const proof = sign(null, Buffer.from(`muster-enroll-v1|${token}|${keys.publicKey}`), keys.privateKey).toString(
    'base64url',
  );
  return {
    token,
    publicKey: keys.publicKey,
    proof,
    facts: { hostname, osFamily: 'LINUX', agentVersion: '1.0.0', protocol: 1 },
  };
}

/** Makes a token by the graph. */
export async function createToken(fleet: TestFleet, input: Record<string, unknown> = {}): Promise<string> {
  const made = await fleet.graph<{ createEnrollmentToken: { token: string } }>(
    'mutation ($input: CreateEnrollmentTokenInput!) { createEnrollmentToken(input: $input) { token } }',
    { input: { siteId: fleet.siteId, ...input } },
  );
  return made.createEnrollmentToken.token;
}

/** Enrols a new device by the graph. */
export async function enrolDevice(
  fleet: TestFleet,
  hostname?: string,
  token: Record<string, unknown> = {},
): Promise<TestKeys> {
  const keys = newKeys();
  const input = applicationOf(keys, await createToken(fleet, token), hostname);
  await fleet.graph('mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId } }', { input });
  return keys;
}

/** Stores many devices at once, as if they had enrolled; answers their ids in the order of their hostnames. */
export async function seedDevices(fleet: TestFleet, count: number, prefix = 'seed'): Promise<string[]> {
  const rows = await fleet.sql<{ id: string }>(
    `insert into fleet.device (id, public_key, organization_id, site_id, hostname, os_family, os_name, os_version, status, agent_version, protocol,
        enrolled_at, last_seen_at, search_text, tags, addresses, memory_bytes, needs_reboot)
      select gen_random_uuid(), sha256(($3 || n)::bytea), $1, $2, $3 || '-' || lpad(n::text, 5, '0'), case when n % 5 = 0 then 'WINDOWS' else 'LINUX' end,
        case when n % 5 = 0 then 'Windows 11 Pro' else 'Debian GNU/Linux' end, (10 + n % 4)::text, case when n % 3 = 0 then 'ONLINE' else 'OFFLINE' end,
        '1.' || (n % 3) || '.0', 1, now(), now(), lower($3 || '-' || lpad(n::text, 5, '0') || ' debian gnu/linux dell latitude 10.0.' || n / 256 || '.' || n % 256),
        case when n % 2 = 0 then '{prod,web}'::text[] else '{test}'::text[] end, array['10.0.' || n / 256 || '.' || n % 256], 8589934592, n % 7 = 0
      from generate_series(1, $4::int) n returning id, hostname`,
    [fleet.organizationId, fleet.siteId, prefix, count],
  );
  await fleet.sql('analyze fleet.device');
  return rows.map(({ id }) => id);
}
