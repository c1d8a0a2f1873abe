import pg from 'pg';
import { AUDIT_SCHEMA_SQL } from '../audit/schema.ts';
import { AppError } from '../errors.ts';

/** A service's own door to the database: a role that owns one schema and can read no other. */
export interface ServiceDatabase {
  readonly url: string;
  readonly schema: string;
}

/** A service's name, and the further schemas it owns in which it publishes functions for the other services to call. */
export interface ServiceSchemas {
  readonly name: string;
  readonly publishes: readonly string[];
}

/** Makes role and schema for each service (again harmless), and the shared audit schema; answers each service's own URL. */
export async function provisionDatabase(
  adminUrl: string,
  services: readonly (string | ServiceSchemas)[],
  passwordOf: (service: string) => string,
): Promise<Map<string, ServiceDatabase>> {
  const wanted = services.map(service => (typeof service === 'string' ? { name: service, publishes: [] } : service));
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // one provisioner at a time: two starting stacks would both create the same role
    await client.query("select pg_advisory_lock(hashtext('muster.provision'))");
    await client.query(AUDIT_SCHEMA_SQL);
    for (const service of wanted) await provisionService(client, service, passwordOf(service.name));
  } finally {
    await client.end();
  }
  return new Map(wanted.map(({ name }) => [name, { schema: name, url: urlFor(adminUrl, name, passwordOf(name)) }]));
}

async function provisionService(client: pg.Client, service: ServiceSchemas, password: string): Promise<void> {
  const role = client.escapeIdentifier(roleOf(service.name));
  const schema = client.escapeIdentifier(service.name);
  try {
    await retryOnRace(() => provisionRole(client, service.name, password));
    await client.query(`create schema if not exists ${schema} authorization ${role}`);
    await client.query(`grant usage on schema audit to ${role}`);
    for (const published of service.publishes.map(name => client.escapeIdentifier(name))) {
      await client.query(`create schema if not exists ${published} authorization ${role}`);
      await client.query(`grant usage on schema ${published} to public`);
    }
  } catch (cause) {
    throw new AppError(
      'PRECONDITION_FAILED',
      `The user of DATABASE_URL may not create the role ${roleOf(service.name)}: give it CREATEROLE and CREATE on the database.`,
      { cause },
    );
  }
}

async function provisionRole(client: pg.Client, service: string, password: string): Promise<void> {
  const role = client.escapeIdentifier(roleOf(service));
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [roleOf(service)]);
  await client.query(
    `${rowCount ? 'alter' : 'create'} role ${role} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(password)}`,
  );
  await client.query(`grant ${role} to current_user`);
  await client.query(`alter role ${role} set search_path = ${client.escapeIdentifier(service)}`);
}

/**
 * Roles belong to the whole server while the lock above belongs to one database: two databases of one server that are
 * provisioned at once meet in the catalogue, and the later one has to try again.
 */
async function retryOnRace(work: () => Promise<void>, attempts = 50): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isRace = error instanceof pg.DatabaseError && RACE_CODES.has(error.code ?? '');
    if (!isRace || attempts <= 1) throw error;
    await retryOnRace(work, attempts - 1);
  }
}

/** unique_violation and duplicate_object of `create role`; internal_error is "tuple concurrently updated". */
const RACE_CODES = new Set(['23505', '42710', 'XX000']);

function urlFor(adminUrl: string, service: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = roleOf(service);
  url.password = password;
  return url.href;
}

const roleOf = (service: string): string => `muster_${service}`;
