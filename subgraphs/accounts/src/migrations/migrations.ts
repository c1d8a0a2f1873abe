import type { MigrationList } from '@muster/kit/database/database';
import { Migration0001Accounts } from './0001-accounts.ts';

/** Every migration of accounts in order; names never change once released. */
export const migrations: MigrationList = [{ name: '0001-accounts', class: Migration0001Accounts }];
