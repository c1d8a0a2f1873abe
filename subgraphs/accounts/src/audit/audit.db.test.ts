import type { RequestContext } from '@muster/kit/context';
import { query } from '@muster/kit/testing/query';
import { expect, test } from 'vitest';
import { codesOf, contextOf, startTestAccounts, type TestAccounts } from '../testing/accounts.ts';
import { becomeOwner, logIn } from '../testing/operations.ts';
import { addOrganization, addPerson, mutate } from '../testing/people.ts';

const LIST = `query ($first: Int, $after: String, $filter: AuditFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor }
    nodes { id sequence at action outcome ipAddress details hash target { type id } actor { kind id name user { email } } organization { name } }
  }
}`;

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly nodes: {
    action: string;
    sequence: number;
    organization: { name: string } | null;
    [field: string]: unknown;
  }[];
}

async function list(
  accounts: TestAccounts,
  context: RequestContext,
  variables: Record<string, unknown> = {},
): Promise<Page> {
  const answer = await accounts.call(LIST, variables, context);
  expect(answer.errors).toBeUndefined();
  return answer.data?.auditEvents as Page;
}

test('shows who did what to whom, newest first', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', context);
  await logIn(accounts, { password: 'wrong' }, context);

  const { nodes, totalCount } = await list(accounts, context);

  expect(totalCount).toBe(3);
  expect(nodes).toMatchObject([
    {
      action: 'session.refused',
      outcome: 'REFUSED',
      organization: null,
      actor: { kind: 'ANONYMOUS', id: null, user: null },
    },
    {
      action: 'organization.created',
      outcome: 'SUCCEEDED',
      ipAddress: '192.0.2.1',
      hash: null,
      target: { type: 'Organization', id: globex.id },
      organization: { name: 'Globex' },
      details: { name: 'Globex', siteName: 'Main' },
      actor: { kind: 'USER', id: context.viewer.id, name: 'Grace Hopper', user: { email: 'grace@example.com' } },
    },
    { action: 'setup.completed' },
  ]);
  expect(nodes.map(node => node.sequence)).toEqual(nodes.map(node => node.sequence).toSorted((a, b) => b - a));
});

test('shows rows of the reader’s organizations only', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', context);
  await addOrganization(accounts, 'Initech', context);
  const scopes = [{ kind: 'ORGANIZATION', organizationId: globex.id }];
  const auditor = await addPerson(accounts, { email: 'ada@example.com', role: 'AUDITOR', scopes }, context);

  const seen = await list(accounts, auditor.context);
  const foreign = await list(accounts, auditor.context, { filter: { action: 'session.opened' } });
  const nobody = await list(accounts, contextOf({ permissions: ['audit:read'] }));

  expect(seen.nodes.map(({ action, organization }) => [action, organization?.name])).toEqual([
    ['user.invited', 'Globex'],
    ['organization.created', 'Globex'],
  ]);
  expect([seen.totalCount, foreign.totalCount, nobody.totalCount]).toEqual([2, 0, 0]);
  expect(codesOf(await accounts.call(LIST, {}, contextOf({ scope: { kind: 'ALL' } })))).toEqual(['FORBIDDEN']);
});

test('finds by everything that a row says', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', context);
  await mutate(accounts, 'createSite { site { id } }', {
    input: { organizationId: globex.id, name: 'Berlin' },
    context,
  });
  const [, , first] = (await list(accounts, context)).nodes;
  const find = async (filter: Record<string, unknown>) =>
    (await list(accounts, context, { filter })).nodes.map(node => node.action);

  expect(await find({ action: 'site.created' })).toEqual(['site.created']);
  expect(await find({ organizationId: globex.id })).toEqual(['site.created', 'organization.created']);
  expect(await find({ targetType: 'Organization', targetId: globex.id })).toEqual(['organization.created']);
  expect(await find({ actorId: context.viewer.id })).toHaveLength(3);
  expect(await find({ actorId: 'nobody' })).toEqual([]);
  expect(await find({ from: first?.at, to: new Date().toISOString() })).toHaveLength(3);
  expect(await find({ to: first?.at })).toEqual([]);
});

test('pages through the trail once', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  for (const name of ['A', 'B', 'C', 'D']) await addOrganization(accounts, name, context);

  const first = await list(accounts, context, { first: 3 });
  const second = await list(accounts, context, { first: 3, after: first.pageInfo.endCursor });

  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  expect([...first.nodes, ...second.nodes].map(node => node.sequence)).toEqual(
    (await list(accounts, context)).nodes.map(node => node.sequence),
  );
  for (const variables of [
    { first: 0 },
    { after: 'nonsense' },
    { filter: { action: '\0' } },
    { filter: { organizationId: 'x' } },
  ])
    expect(codesOf(await accounts.call(LIST, variables, context))).toEqual(['BAD_USER_INPUT']);
});

test('lets the service neither change the audit trail nor read it beyond a scope', async () => {
  await using accounts = await startTestAccounts();
  await becomeOwner(accounts);

  expect(await query(accounts.database.url, 'select * from audit.event')).toEqual([]);
  for (const sql of [
    'insert into audit.event default values',
    "update audit.event set action = 'nothing.happened'",
    'delete from audit.event',
    'truncate audit.event',
    'drop table audit.event',
    'alter table audit.event disable row level security',
    'create or replace function audit.append(event jsonb) returns void language sql as $$ select $$',
    'set role postgres',
  ])
    await expect(query(accounts.database.url, sql), sql).rejects.toThrow(/permission denied|must be owner/);
  expect(await accounts.rows('select count(*)::int as n from audit.event')).toEqual([{ n: 1 }]);
});
