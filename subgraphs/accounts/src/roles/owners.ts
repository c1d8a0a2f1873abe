import type { EntityManager } from '@mikro-orm/postgresql';
import { AppError } from '@muster/kit/errors';
import { OWNER } from './built-in-roles.ts';

const LIVE_OWNERS = `select 1 from accounts."grant" g join accounts.role r on r.id = g.role_id join accounts."user" u on u.id = g.user_id
where r.key = ? and g.scope_kind = 'ALL' and u.status = 'ACTIVE' limit 1`;

/** Lets only one transaction at a time take something from an Owner, so that two do not each leave the other as the last. */
export async function lockOwners(em: EntityManager): Promise<void> {
  await em.execute("select pg_advisory_xact_lock(hashtext('accounts.owners'))");
}

/** Throws PRECONDITION_FAILED, and so undoes the transaction, where nobody who owns everything is left. */
export async function requireAnOwner(em: EntityManager): Promise<void> {
  const owners = await em.execute(LIVE_OWNERS, [OWNER]);
  if (owners.length === 0)
    throw new AppError('PRECONDITION_FAILED', 'Somebody has to stay Owner of everything. Make another Owner first.');
}
