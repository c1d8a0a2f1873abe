import type { RequestContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, contextOf, startTestAccounts, type TestAccounts } from '../testing/accounts.ts';
import { becomeOwner } from '../testing/operations.ts';

const CREATE =
  'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id name slug sites { name timeZone } } } }';
const CREATE_SITE =
  'mutation ($input: CreateSiteInput!) { createSite(input: $input) { site { id name timeZone organization { name } } } }';
const LIST = `query ($first: Int, $after: String, $search: String) {
  organizations(first: $first, after: $after, search: $search) { totalCount nodes { id name } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } }
}`;
const ONE = 'query ($id: ID!) { organization(id: $id) { id name createdAt sites { id name organization { id } } } }';

test('adds an organization with a slug of its own and a first site', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);

  const first = await accounts.call(CREATE, { input: { name: ' Möbel & Söhne ' } }, context);
  const second = await accounts.call(CREATE, { input: { name: 'mobel sohne', siteName: 'Lager' } }, context);

  expect(first.data?.createOrganization).toMatchObject({
    organization: { name: 'Möbel & Söhne', slug: 'mobel-sohne', sites: [{ name: 'Main', timeZone: 'UTC' }] },
  });
  expect(second.data?.createOrganization).toMatchObject({
    organization: { name: 'mobel sohne', slug: 'mobel-sohne-2', sites: [{ name: 'Lager' }] },
  });
});

test('gives each of many organizations made at once a slug of its own', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);

  const answers = await Promise.all(
    Array.from({ length: 12 }, () => accounts.call(CREATE, { input: { name: 'Twin' } }, context)),
  );

  expect(answers.flatMap(codesOf)).toEqual([]);
  expect(
    await accounts.rows("select count(distinct slug)::int as n from accounts.organization where name = 'Twin'"),
  ).toEqual([{ n: 12 }]);
});

test('says what is wrong with a new organization and adds nothing', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);

  const answer = await accounts.call(CREATE, { input: { name: '', siteName: 'a\0b' } }, context);

  expect(answer.errors?.[0]?.extensions?.fields).toEqual([
    { path: 'input.name', problem: 'is empty' },
    { path: 'input.siteName', problem: 'contains characters that cannot be shown' },
  ]);
  expect(await accounts.rows('select count(*)::int as n from accounts.organization')).toEqual([{ n: 1 }]);
});

test('adds a site, and refuses a second of the same name', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const organizationId = await idOf(accounts, 'Acme');
  const input = { organizationId, name: 'Berlin', timeZone: 'Europe/Berlin' };

  const answer = await accounts.call(CREATE_SITE, { input }, context);
  const again = await accounts.call(CREATE_SITE, { input: { ...input, name: 'BERLIN' } }, context);

  expect(answer.data?.createSite).toMatchObject({
    site: { name: 'Berlin', timeZone: 'Europe/Berlin', organization: { name: 'Acme' } },
  });
  expect(codesOf(again)).toEqual(['CONFLICT']);
});

test('says what is wrong with a new site', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);

  const answer = await accounts.call(
    CREATE_SITE,
    { input: { organizationId: 'nope', name: 'x'.repeat(101), timeZone: '+01:00' } },
    context,
  );

  expect(answer.errors?.[0]?.extensions?.fields).toEqual([
    { path: 'input.organizationId', problem: 'is not an id' },
    { path: 'input.name', problem: 'is longer than 100 characters' },
    { path: 'input.timeZone', problem: 'is not an IANA time zone such as Europe/Berlin' },
  ]);
});

test('hides a foreign organization in every way to it', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  await accounts.call(CREATE, { input: { name: 'Foreign' } }, context);
  const own = await idOf(accounts, 'Acme');
  const foreign = await idOf(accounts, 'Foreign');
  const tenant = contextOf({
    permissions: ['organization:read', 'organization:write', 'site:write'],
    scope: { kind: 'ORGANIZATIONS', ids: [own] },
  });

  const list = await accounts.call(LIST, {}, tenant);
  const site = await accounts.call(CREATE_SITE, { input: { organizationId: foreign, name: 'Mine' } }, tenant);

  expect(list.data?.organizations).toMatchObject({ totalCount: 1, nodes: [{ id: own }] });
  expect((await accounts.call(ONE, { id: foreign }, tenant)).data).toEqual({ organization: null });
  expect((await accounts.call(ONE, { id: own }, tenant)).data?.organization).toMatchObject({
    id: own,
    sites: [{ name: 'Main', organization: { id: own } }],
  });
  expect(codesOf(site)).toEqual(['NOT_FOUND']);
  expect(codesOf(await accounts.call(CREATE, { input: { name: 'New' } }, tenant))).toEqual(['FORBIDDEN']);
  expect(await accounts.rows('select count(*)::int as n from accounts.site')).toEqual([{ n: 2 }]);
});

test('shows nothing to a viewer whose scope is empty', async () => {
  await using accounts = await startTestAccounts();
  await becomeOwner(accounts);
  const nowhere = contextOf({ permissions: ['organization:read'] });

  expect((await accounts.call(LIST, {}, nowhere)).data?.organizations).toMatchObject({ totalCount: 0, nodes: [] });
  expect((await accounts.call(ONE, { id: await idOf(accounts, 'Acme') }, nowhere)).data).toEqual({
    organization: null,
  });
});

test('refuses whoever lacks the permission', async () => {
  await using accounts = await startTestAccounts();
  const everywhere = contextOf({ scope: { kind: 'ALL' }, permissions: ['device:read'] });
  const input = { organizationId: '01990000-0000-7000-8000-000000000000', name: 'x' };

  expect(codesOf(await accounts.call(LIST, {}, everywhere))).toEqual(['FORBIDDEN']);
  expect(codesOf(await accounts.call(CREATE, { input: { name: 'x' } }, everywhere))).toEqual(['FORBIDDEN']);
  expect(codesOf(await accounts.call(CREATE_SITE, { input }, everywhere))).toEqual(['FORBIDDEN']);
  expect(codesOf(await accounts.call(LIST))).toEqual(['UNAUTHENTICATED']);
});

test('pages through all organizations once, by name without regard to case', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  for (const name of ['beta', 'Beta', 'alpha', 'Zeta', 'ängström', 'gamma'])
    await accounts.call(CREATE, { input: { name } }, context);

  const pages = await allPages(accounts, context, 2);

  const names = pages.flat();
  expect(pages.map(page => page.length)).toEqual([2, 2, 2, 1]);
  expect(names.map(name => name.toLowerCase()).slice(0, 5)).toEqual(['acme', 'alpha', 'beta', 'beta', 'gamma']);
  expect(new Set(names).size).toBe(7);
});

test('finds by part of the name or slug, taking wildcards literally', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  for (const name of ['100% Wool', 'Wool_Mill', 'Müller']) await accounts.call(CREATE, { input: { name } }, context);
  const search = async (text: string | null) => {
    const answer = await accounts.call(LIST, { search: text }, context);
    return answer.data?.organizations as { nodes: { name: string }[] };
  };
  const named = (...names: string[]) => ({ nodes: names.map(name => expect.objectContaining({ name })) });

  expect(await search('wool')).toMatchObject(named('100% Wool', 'Wool_Mill'));
  expect(await search('%')).toMatchObject(named('100% Wool'));
  expect(await search('_')).toMatchObject(named('Wool_Mill'));
  expect(await search('\\')).toMatchObject(named());
  expect(await search('muller')).toMatchObject(named('Müller'));
  expect(await search('  ')).toMatchObject({ totalCount: 4 });
  expect(await search(null)).toMatchObject({ totalCount: 4 });
});

test('refuses page arguments that make no sense', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  for (const page of [
    { first: 0 },
    { first: -1 },
    { after: 'nonsense' },
    { after: cursor([1, 2]) },
    { after: cursor(['a', 'not an id']) },
    { after: cursor(['\0', '01990000-0000-7000-8000-000000000000']) },
    { search: 'x'.repeat(101) },
    { search: '\0' },
  ])
    expect(codesOf(await accounts.call(LIST, page, context)), JSON.stringify(page)).toEqual(['BAD_USER_INPUT']);
  expect((await accounts.call(LIST, { first: 100_000 }, context)).errors).toBeUndefined();
});

test('answers null for an id that is none', async () => {
  await using accounts = await startTestAccounts();
  const { context } = await becomeOwner(accounts);

  for (const id of ['', 'nope', '\0', "'; drop table accounts.site"])
    expect(await accounts.call(ONE, { id }, context)).toMatchObject({ data: { organization: null } });
});

async function idOf(accounts: TestAccounts, name: string): Promise<string> {
  const [row] = await accounts.rows<{ id: string }>('select id from accounts.organization where name = $1', [name]);
  return row!.id;
}

async function allPages(accounts: TestAccounts, context: RequestContext, first: number): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | null = null;
  for (;;) {
    const { data } = await accounts.call(LIST, { first, after }, context);
    const page = data?.organizations as {
      nodes: { name: string }[];
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
    };
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    pages.push(page.nodes.map(node => node.name));
    if (!page.pageInfo.hasNextPage) return pages;
    after = page.pageInfo.endCursor;
  }
}
