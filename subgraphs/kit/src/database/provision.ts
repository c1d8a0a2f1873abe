import pg from 'pg';
import { AUDIT_SCHEMA_SQL } from '../audit/schema.ts';
import { AppError } from '../errors.ts';

/** A service's own door to the database: a role that owns one schema and can read no other. */
export interface ServiceDatabase {
  readonly url: string;
  readonly schema: string;
}

/** Makes role and schema for each service (again harmless), and the shared audit schema; answers each service's own URL. */
export async function provisionDatabase(
  adminUrl: string,
  services: readonly string[],
  passwordOf: (service: string) => string,
): Promise<Map<string, ServiceDatabase>> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // one provisioner at a time: two starting stacks would both create the same role
    await client.query("select pg_advisory_lock(hashtext('muster.provision'))");
    await client.query(AUDIT_SCHEMA_SQL);
    for (const service of services) await provisionService(client, service, passwordOf(service));
  } finally {
    await client.end();
  }
  return new Map(
    services.map(service => [service, { schema: service, url: urlFor(adminUrl, service, passwordOf(service)) }]),
  );
}

async function provisionService(client: pg.Client, service: string, password: string): Promise<void> {
  const role = client.escapeIdentifier(roleOf(service));
  const schema = client.escapeIdentifier(service);
  const secret = client.escapeLiteral(password);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [roleOf(service)]);
  try {
    await client.query(
      `${rowCount ? 'alter' : 'create'} role ${role} login nosuperuser nocreatedb nocreaterole password ${secret}`,
    );
    await client.query(`grant ${role} to current_user`);
    await client.query(`create schema if not exists ${schema} authorization ${role}`);
    await client.query(`alter role ${role} set search_path = ${schema}`);
    await client.query(`grant usage on schema audit to ${role}`);
  } catch (cause) {
    throw new AppError(
      'PRECONDITION_FAILED',
      `The user of DATABASE_URL may not create the role ${roleOf(service)}: give it CREATEROLE and CREATE on the database.`,
      { cause },
    );
  }
}

function urlFor(adminUrl: string, service: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = roleOf(service);
  url.password = password;
  return url.href;
}

const roleOf = (service: string): string => `muster_${service}`;
