import type { MigrationList } from '@muster/kit/database/database';
import { Migration0001Accounts } from './0001-accounts.ts';
import { Migration0002Access } from './0002-access.ts';

/** Every migration of accounts in order; names never change once released. */
export const migrations: MigrationList = [
  { name: '0001-accounts', class: Migration0001Accounts },
  { name: '0002-access', class: Migration0002Access },
];
