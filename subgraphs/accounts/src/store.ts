import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer, ViewerScope } from '@muster/kit/auth/viewer';
import { type Database, openDatabase } from '@muster/kit/database/database';
import type { ServiceSchemas } from '@muster/kit/database/provision';
import { migrations } from './migrations/migrations.ts';
import { OrganizationRecord } from './organizations/organization.entity.ts';
import { SiteRecord } from './organizations/site.entity.ts';
import { GrantRecord } from './roles/grant.entity.ts';
import { RoleRecord } from './roles/role.entity.ts';
import { SCOPE_FILTER } from './scope-filter.ts';
import { SessionRecord } from './sessions/session.entity.ts';
import { SetupRecord } from './setup/setup.entity.ts';
import { UserRecord } from './users/user.entity.ts';

/** What accounts needs of a database: its own schema, and `directory` for what it lets other services ask. */
export const accountsSchemas: ServiceSchemas = { name: 'accounts', publishes: ['directory'] };

const records = [UserRecord, RoleRecord, GrantRecord, OrganizationRecord, SiteRecord, SessionRecord, SetupRecord];

/** The tables of accounts, as somebody sees them. */
export class Store implements AsyncDisposable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  static async open(url: string, options: { maxConnections?: number | undefined } = {}): Promise<Store> {
    const { maxConnections } = options;
    const database = await openDatabase({
      url,
      schema: accountsSchemas.name,
      entities: records as never,
      migrations,
      ...(maxConnections !== undefined && { maxConnections }),
    });
    return new Store(database);
  }

  /** A unit of work that sees the tenant rows within the viewer's scope; row level security will be told here too. */
  as(viewer: Viewer): EntityManager {
    return this.#within(viewer.scope);
  }

  /** A unit of work of the service itself, for what happens before there is a viewer. */
  asService(): EntityManager {
    return this.#within({ kind: 'ALL' });
  }

  checkReady(): Promise<void> {
    return this.#database.checkReady();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database[Symbol.asyncDispose]();
  }

  #within(scope: ViewerScope): EntityManager {
    const em = this.#database.fork();
    em.setFilterParams(SCOPE_FILTER, { scope });
    return em;
  }
}
