import type { EntityManager } from '@mikro-orm/postgresql';
import { scopeFor } from '@muster/kit/auth/scope';
import type { Viewer, ViewerScope } from '@muster/kit/auth/viewer';
import { type Database, openDatabase } from '@muster/kit/database/database';
import type { ServiceSchemas } from '@muster/kit/database/provision';
import { bindRowScope } from '@muster/kit/database/row-scope';
import { AccessRequestRecord } from './access-requests/access-request.entity.ts';
import { ApiKeyRecord } from './api-keys/api-key.entity.ts';
import { migrations } from './migrations/migrations.ts';
import { OrganizationRecord } from './organizations/organization.entity.ts';
import { SiteRecord } from './organizations/site.entity.ts';
import { GrantRecord } from './roles/grant.entity.ts';
import type { Permission } from './roles/permissions.ts';
import { RoleRecord } from './roles/role.entity.ts';
import { SCOPE_FILTER } from './scope-filter.ts';
import { SessionRecord } from './sessions/session.entity.ts';
import { SettingsRecord } from './settings/settings.entity.ts';
import { SetupRecord } from './setup/setup.entity.ts';
import { UserRecord } from './users/user.entity.ts';
import { UserTokenRecord } from './users/user-token.entity.ts';

/** What accounts needs of a database: its own schema, `directory` for what it lets other services ask, and the audit trail. */
export const accountsSchemas: ServiceSchemas = { name: 'accounts', publishes: ['directory'], readsAudit: true };

const records = [
  UserRecord,
  UserTokenRecord,
  AccessRequestRecord,
  RoleRecord,
  GrantRecord,
  OrganizationRecord,
  SiteRecord,
  SessionRecord,
  ApiKeyRecord,
  SettingsRecord,
  SetupRecord,
];

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

  /** A unit of work that sees tenant rows where the viewer holds the permission, by filter and by row level security. */
  as(viewer: Viewer, permission: Permission): EntityManager {
    return this.within(scopeFor(viewer, permission));
  }

  /** A unit of work of the service itself, for what happens before there is a viewer. */
  asService(): EntityManager {
    return this.within({ kind: 'ALL' });
  }

  checkReady(): Promise<void> {
    return this.#database.checkReady();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database[Symbol.asyncDispose]();
  }

  /** A unit of work that is held to the scope twice: by a filter on its queries, and by the database. */
  protected within(scope: ViewerScope): EntityManager {
    const em = this.#database.fork();
    em.setFilterParams(SCOPE_FILTER, { scope });
    bindRowScope(em, scope);
    return em;
  }
}
