import { createHash } from 'node:crypto';
import pg from 'pg';
import { AUDIT_SCHEMA_SQL } from '../audit/schema.ts';
import { AppError } from '../errors.ts';

/** A service's own door to the database: a role that owns one schema and can read no other. */
export interface ServiceDatabase {
  readonly url: string;
  readonly schema: string;
}

/** A service's name and what its role may do beyond its own schema. */
export interface ServiceSchemas {
  readonly name: string;
  /** Further schemas it owns, in which it publishes functions for the other services to call. */
  readonly publishes: readonly string[];
  /** True for the one service that shows the audit trail; rows are still those of a transaction's scope. */
  readonly readsAudit?: boolean;
}

/** Makes role and schema for each service (again harmless), and the shared audit schema; answers each service's own URL. */
export async function provisionDatabase(
  adminUrl: string,
  services: readonly (string | ServiceSchemas)[],
  passwordOf: (service: string) => string,
): Promise<Map<string, ServiceDatabase>> {
  const wanted = services.map(
    (service): ServiceSchemas => (typeof service === 'string' ? { name: service, publishes: [] } : service),
  );
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // one provisioner at a time: two starting stacks would both create the same role
    await client.query("select pg_advisory_lock(hashtext('muster.provision'))");
    await client.query(AUDIT_SCHEMA_SQL);
    const database = await currentDatabase(client);
    for (const service of wanted)
      await provisionService(client, service, {
        role: roleOf(database, service.name),
        password: passwordOf(service.name),
      });
    return new Map(
      wanted.map(({ name }) => [
        name,
        { schema: name, url: urlFor(adminUrl, { role: roleOf(database, name), password: passwordOf(name) }) },
      ]),
    );
  } finally {
    await client.end();
  }
}

/** How a service signs in to the database. */
interface Login {
  readonly role: string;
  readonly password: string;
}

async function currentDatabase(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  return rows[0]?.name ?? '';
}

async function provisionService(client: pg.Client, service: ServiceSchemas, login: Login): Promise<void> {
  const role = client.escapeIdentifier(login.role);
  const schema = client.escapeIdentifier(service.name);
  try {
    await retryOnRace(() => provisionRole(client, service.name, login));
    await client.query(`create schema if not exists ${schema} authorization ${role}`);
    await client.query(`grant usage on schema audit to ${role}`);
    if (service.readsAudit) await client.query(`grant select on audit.event to ${role}`);
    for (const published of service.publishes.map(name => client.escapeIdentifier(name))) {
      await client.query(`create schema if not exists ${published} authorization ${role}`);
      await client.query(`grant usage on schema ${published} to public`);
    }
  } catch (cause) {
    throw new AppError(
      'PRECONDITION_FAILED',
      `The user of DATABASE_URL may not create the role ${login.role}: give it CREATEROLE and CREATE on the database.`,
      { cause },
    );
  }
}

async function provisionRole(client: pg.Client, service: string, login: Login): Promise<void> {
  const role = client.escapeIdentifier(login.role);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [login.role]);
  await client.query(
    `${rowCount ? 'alter' : 'create'} role ${role} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(login.password)}`,
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

function urlFor(adminUrl: string, login: Login): string {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(login.role);
  url.password = login.password;
  return url.href;
}

/** Roles belong to the server, installations to a database: the name keeps two installations of one server apart. */
function roleOf(database: string, service: string): string {
  const name = `${database}_${service}`;
  if (name.length <= MAX_ROLE_LENGTH) return name;
  return `muster_${createHash('sha256').update(database).digest('hex').slice(0, 16)}_${service}`;
}

const MAX_ROLE_LENGTH = 63;
