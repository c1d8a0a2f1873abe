import type { MigrationList } from '@muster/kit/database/database';
import { Migration20261122First } from './migration-20261122-first.ts';
import { Migration20261122FullScope } from './migration-20261122-full-scope.ts';

/** This service's migrations in order; released names never change. */
export const migrations: MigrationList = [
  { name: '20261122-first', class: Migration20261122First },
  { name: '20261122-full-scope', class: Migration20261122FullScope },
];
