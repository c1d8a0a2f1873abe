import type { Constructor, MigrationObject } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, type EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { type AuditActor, type AuditEvent, appendAudit } from '../audit/append.ts';
import { returnLostConnections } from './lost-connections.ts';
import { withMigrationLock } from './migration-lock.ts';

/** A service's own migrations in order, each with a name that never changes once released. */
export type MigrationList = (MigrationObject | Constructor<never>)[];

/** What a service stores and where. */
export interface DatabaseOptions {
  readonly url: string;
  readonly schema: string;
  readonly entities: readonly EntitySchema<never>[];
  readonly migrations: MigrationList;
  /** Most connections this service opens; all services together stay below the server's limit. */
  readonly maxConnections?: number;
}

/** A service's open store: a fork of the entity manager per call, and the pool below it for hot paths. */
export interface Database extends AsyncDisposable {
  fork(): EntityManager;
  readonly pool: pg.Pool;
  checkReady(): Promise<void>;
}

/** Connects and brings the schema up to date, or throws; a service that starts has the schema that its code expects. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // half for units of work, half for hot paths
  const connections = Math.ceil((options.maxConnections ?? 8) / 2);
  const orm = await withMigrationLock(options, () => openMigrated(options, connections));
  const pool = new pg.Pool({ connectionString: options.url, max: connections });
  // an idle connection that the server ends must not end the process; the next query opens another
  const ormPool = await poolOf(orm);
  for (const one of [pool, ormPool]) one.on('error', () => {});
  returnLostConnections(ormPool);
  return {
    fork: () => orm.em.fork(),
    pool,
    checkReady: async () => void (await pool.query('select 1')),
    [Symbol.asyncDispose]: async () => void (await Promise.all([pool.end(), orm.close(true)])),
  };
}

async function poolOf(orm: MikroORM): Promise<Pick<pg.Pool, 'on' | 'connect'>> {
  return (orm.em.getConnection() as unknown as { getNativeClient(): Promise<pg.Pool> }).getNativeClient();
}

async function openMigrated(options: DatabaseOptions, connections: number): Promise<MikroORM> {
  const orm = await MikroORM.init({
    clientUrl: options.url,
    schema: options.schema,
    entities: [...options.entities] as never,
    extensions: [Migrator],
    pool: { min: 0, max: connections },
    migrations: {
      migrationsList: options.migrations as never,
      snapshot: false,
      schema: options.schema,
      tableName: 'migration',
      transactional: true,
    } as never,
    schemaGenerator: {
      ignoreSchema: ['audit', 'pgboss', 'public'],
      createForeignKeyConstraints: true,
      // policies stand in migrations; a diff must never take one away
      ignorePolicies: true,
    } as never,
    // a row stands for itself: a filter on what it refers to must not hide it, nor cost a join
    autoJoinRefsForFilters: false,
    discovery: { warnWhenNoEntities: false } as never,
    ensureDatabase: false,
    debug: false,
    logger: () => {},
  });
  try {
    await orm.migrator.up();
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return orm;
}

/** Writes an audit row inside the entity manager's transaction. */
export function audit(em: EntityManager, actor: AuditActor, event: AuditEvent): Promise<void> {
  return appendAudit(json => em.execute('select audit.append(?::jsonb)', [json], 'run'), actor, event);
}
