import type { RequestContext } from '@muster/kit/context';
import { query } from '@muster/kit/testing/query';
import { expect, test } from 'vitest';
import { type Answer, codesOf, startTestAccounts, type TestAccounts } from './testing/accounts.ts';
import { becomeOwner, logIn } from './testing/operations.ts';

type Mutate = (accounts: TestAccounts, owner: RequestContext) => Promise<Answer>;

const createOrganization: Mutate = (accounts, owner) =>
  accounts.call('mutation { createOrganization(input: {name: "Globex"}) { organization { id } } }', {}, owner);
const createSite: Mutate = async (accounts, owner) => {
  const [row] = await accounts.rows('select id from accounts.organization limit 1');
  const call = 'mutation ($id: ID!) { createSite(input: {organizationId: $id, name: "Berlin"}) { site { id } } }';
  return accounts.call(call, { id: row!.id }, owner);
};
const logOut: Mutate = (accounts, owner) => accounts.call('mutation { logOut { viewer { kind } } }', {}, owner);

/** Every mutation but completeSetup, which each of these tests begins with. */
const mutations: Record<string, { run: Mutate; action: string; changes: string }> = {
  logIn: { run: accounts => logIn(accounts), action: 'session.opened', changes: 'session' },
  createOrganization: { run: createOrganization, action: 'organization.created', changes: 'organization' },
  createSite: { run: createSite, action: 'site.created', changes: 'site' },
  logOut: { run: logOut, action: 'session.closed', changes: 'session' },
};

test('writes one audit row for every mutation of the schema', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const fields = Object.keys(accounts.service.schema.getMutationType()?.getFields() ?? {});
  expect(Object.keys(mutations).concat('completeSetup').sort()).toEqual(fields.sort());

  for (const { run } of Object.values(mutations)) expect((await run(accounts, context)).errors).toBeUndefined();

  const rows = await accounts.rows<Record<string, unknown>>('select * from audit.event order by sequence');
  expect(rows.map(row => row.action)).toEqual([
    'setup.completed',
    ...Object.values(mutations).map(({ action }) => action),
  ]);
  for (const row of rows)
    expect(row).toMatchObject({
      actor_kind: 'USER',
      actor_id: context.viewer.id,
      actor_name: 'Grace Hopper',
      outcome: 'SUCCEEDED',
      target_id: expect.any(String),
    });
  expect(rows.filter(row => row.organization_id !== null).map(row => row.action)).toEqual([
    'setup.completed',
    'organization.created',
    'site.created',
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/nanoseconds|the-secret-of|muster_(cli|browser)_/);
});

test.for(Object.entries(mutations))(
  'changes nothing in %s when the audit row cannot be written',
  async ([, mutation]) => {
    await using accounts = await startTestAccounts();
    const { context } = await becomeOwner(accounts);
    const before = await accounts.rows(`select * from accounts.${mutation.changes}`);
    await accounts.rows('alter table audit.event add constraint nothing_passes check (false) not valid');

    const answer = await mutation.run(accounts, context);

    expect(codesOf(answer)).toEqual(['INTERNAL']);
    expect(answer.errors?.[0]?.message).toBe('Something went wrong inside Muster.');
    expect(await accounts.rows(`select * from accounts.${mutation.changes}`)).toEqual(before);
  },
);

test.for(Object.entries(mutations))(
  'leaves no audit row of %s when its transaction fails at the end',
  async ([, mutation]) => {
    await using accounts = await startTestAccounts();
    const { context } = await becomeOwner(accounts);
    await accounts.rows(`create function accounts.refuse() returns trigger language plpgsql as $$ begin raise 'refused at commit'; end $$;
    create constraint trigger refuse after insert or delete on accounts.${mutation.changes} deferrable initially deferred
    for each row execute function accounts.refuse()`);

    const answer = await mutation.run(accounts, context);

    expect(codesOf(answer)).toEqual(['INTERNAL']);
    expect(answer.context.effects.session).toBeUndefined();
    expect(await accounts.rows('select action from audit.event')).toEqual([{ action: 'setup.completed' }]);
  },
);

test('lets the service neither read nor change the audit trail', async () => {
  await using accounts = await startTestAccounts();
  await becomeOwner(accounts);

  for (const sql of [
    'select * from audit.event',
    'insert into audit.event default values',
    "update audit.event set action = 'nothing.happened'",
    'delete from audit.event',
    'truncate audit.event',
    'drop table audit.event',
    'create or replace function audit.append(event jsonb) returns void language sql as $$ select $$',
    'set role postgres',
  ])
    await expect(query(accounts.database.url, sql), sql).rejects.toThrow(/permission denied|must be owner/);
  expect(await accounts.rows('select count(*)::int as n from audit.event')).toEqual([{ n: 1 }]);
});
