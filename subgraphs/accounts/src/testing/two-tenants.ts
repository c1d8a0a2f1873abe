import type { RequestContext } from '@muster/kit/context';
import type { TestAccounts } from './accounts.ts';
import { becomeOwner } from './operations.ts';
import { addOrganization, addPerson, idOf, mutate } from './people.ts';

/** A tenant with everything that a stranger could reach for; each name of it holds the tenant's own. */
export interface Tenant {
  readonly name: string;
  readonly admin: RequestContext;
  readonly organization: string;
  readonly sites: readonly string[];
  readonly users: readonly string[];
  readonly grants: readonly string[];
  readonly sessions: readonly string[];
  readonly apiKeys: readonly string[];
}

/** Two tenants on one installation. */
export async function createTwoTenants(accounts: TestAccounts): Promise<[Tenant, Tenant]> {
  const { context } = await becomeOwner(accounts);
  return [await createTenant(accounts, 'Globex', context), await createTenant(accounts, 'Initech', context)];
}

async function createTenant(accounts: TestAccounts, name: string, owner: RequestContext): Promise<Tenant> {
  const { id, siteId } = await addOrganization(accounts, name, owner);
  const here = [{ kind: 'ORGANIZATION', organizationId: id }];
  const addTo = (email: string, role: string, scopes: object[] = here) =>
    addPerson(
      accounts,
      { email: `${email}@${name}.example`, role, scopes: scopes as Record<string, unknown>[] },
      owner,
    );
  const admin = await addTo('admin', 'ADMIN');
  const others = [await addTo('reader', 'READ_ONLY'), await addTo('local', 'TECHNICIAN', [{ kind: 'SITE', siteId }])];
  for (const site of ['one', 'two'])
    await mutate(accounts, 'createSite { site { id } }', {
      input: { organizationId: id, name: `${name} ${site}` },
      context: admin.context,
    });
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const input = { name: `${name} key`, permissions: ['device:read'], scopes: here, expiresAt };
  await mutate(accounts, 'createApiKey { secret }', { input, context: admin.context });
  const users = [admin, ...others].map(person => person.id);
  const idsOf = async (sql: string, value: unknown) => (await accounts.rows<{ id: string }>(sql, [value])).map(idOf);
  return {
    name,
    admin: admin.context,
    organization: id,
    sites: await idsOf('select id from accounts.site where organization_id = $1', id),
    users,
    grants: await idsOf('select id from accounts."grant" where organization_id = $1', id),
    sessions: await idsOf('select id from accounts.session where user_id = any($1)', users),
    apiKeys: await idsOf('select id from accounts.api_key where user_id = any($1)', users),
  };
}
