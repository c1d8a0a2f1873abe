import { scopeFor } from '@muster/kit/auth/scope';
import type { RequestContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, startTestAccounts, type TestAccounts } from '../testing/accounts.ts';
import { becomeOwner } from '../testing/operations.ts';
import { addOrganization, addPerson, attempt, contextFor, mutate, roleId } from '../testing/people.ts';

const GRANT =
  'grantRole { grant { id role { name } scope { kind organization { name } site { name } tag deviceId } } }';
const REVOKE = 'revokeGrant { grantId user { email } }';
const DEVICE = '01990000-0000-7000-8000-00000000000d';

/** Globex with an admin of its own, Initech beside it, and somebody without much. */
async function start() {
  const accounts = await startTestAccounts();
  const { context: owner } = await becomeOwner(accounts);
  const globex = await addOrganization(accounts, 'Globex', owner);
  const initech = await addOrganization(accounts, 'Initech', owner);
  const inGlobex = { kind: 'ORGANIZATION', organizationId: globex.id };
  const admin = await addPerson(accounts, { email: 'bea@example.com', role: 'ADMIN', scopes: [inGlobex] }, owner);
  const ada = await addPerson(accounts, { email: 'ada@example.com', role: 'CLIENT_USER', scopes: [inGlobex] }, owner);
  return {
    accounts,
    owner,
    globex,
    initech,
    inGlobex,
    admin,
    ada,
    [Symbol.asyncDispose]: () => accounts[Symbol.asyncDispose](),
  };
}

const grantIdOf = async (accounts: TestAccounts, userId: string, role: string): Promise<unknown> =>
  (
    await accounts.rows(
      'select g.id from accounts."grant" g join accounts.role r on r.id = g.role_id where g.user_id = $1 and r.key = $2',
      [userId, role],
    )
  )[0]?.id;

test('grants a role in every kind of scope, and each counts where it holds', async () => {
  await using world = await start();
  const { accounts, owner, globex, initech, ada } = world;
  const technician = await roleId(accounts, 'TECHNICIAN');
  const scopes = [
    { kind: 'ORGANIZATION', organizationId: globex.id },
    { kind: 'SITE', siteId: globex.siteId },
    { kind: 'TAG', tag: 'servers' },
    { kind: 'DEVICE', deviceId: DEVICE },
  ];

  const grants = [];
  for (const scope of scopes)
    grants.push(
      (
        await mutate<{ grant: object }>(accounts, GRANT, {
          input: { userId: ada.id, roleId: technician, scope },
          context: owner,
        })
      ).grant,
    );

  expect(grants).toMatchObject([
    { role: { name: 'Technician' }, scope: { kind: 'ORGANIZATION', organization: { name: 'Globex' }, site: null } },
    { scope: { kind: 'SITE', organization: { name: 'Globex' }, site: { name: 'Main' } } },
    { scope: { kind: 'TAG', tag: 'servers', organization: null } },
    { scope: { kind: 'DEVICE', deviceId: DEVICE } },
  ]);
  const input = {
    userId: ada.id,
    roleId: await roleId(accounts, 'AUDITOR'),
    scope: { kind: 'ORGANIZATION', organizationId: initech.id },
  };
  await mutate(accounts, GRANT, { input, context: owner });
  const { viewer } = await contextFor(accounts, ada.token);
  const reached = {
    kind: 'ORGANIZATIONS',
    ids: [globex.id],
    siteIds: [globex.siteId],
    tags: ['servers'],
    deviceIds: [DEVICE],
  };
  expect(scopeFor(viewer, 'command:run')).toEqual(reached);
  expect(scopeFor(viewer, 'audit:read')).toEqual({ kind: 'ORGANIZATIONS', ids: [initech.id] });
  expect(scopeFor(viewer, 'device:read')).toEqual({ ...reached, ids: [globex.id, initech.id] });
  expect(viewer.scope).toEqual({ kind: 'ORGANIZATIONS', ids: [] });
});

test('shows a site-bound viewer that site and the organization around it', async () => {
  await using world = await start();
  const { accounts, owner, globex } = world;
  await mutate(accounts, 'createSite { site { id } }', {
    input: { organizationId: globex.id, name: 'Berlin' },
    context: owner,
  });
  const scopes = [{ kind: 'SITE', siteId: globex.siteId }];
  const local = await addPerson(accounts, { email: 'cid@example.com', role: 'ADMIN', scopes }, owner);
  const input = { organizationId: globex.id, name: 'Paris' };

  const { data } = await accounts.call('{ organizations { nodes { name sites { name } } } }', {}, local.context);

  expect(data?.organizations).toEqual({ nodes: [{ name: 'Globex', sites: [{ name: 'Main' }] }] });
  expect(codesOf(await attempt(accounts, 'createSite { site { id } }', { input, context: local.context }))).toEqual([
    'FORBIDDEN',
  ]);
});

test('lets nobody grant what they do not hold there', async () => {
  await using world = await start();
  const { accounts, globex, initech, inGlobex, admin, ada } = world;
  const codes = async (role: string, scope: object, context: RequestContext = admin.context) =>
    codesOf(
      await attempt(accounts, GRANT, {
        input: { userId: ada.id, roleId: await roleId(accounts, role), scope },
        context,
      }),
    );

  expect(await codes('OWNER', inGlobex)).toEqual(['FORBIDDEN']);
  for (const scope of [{ kind: 'ALL' }, { kind: 'TAG', tag: 'x' }, { kind: 'DEVICE', deviceId: DEVICE }])
    expect(await codes('READ_ONLY', scope)).toEqual(['FORBIDDEN']);
  expect(await codes('READ_ONLY', { kind: 'ORGANIZATION', organizationId: initech.id })).toEqual(['NOT_FOUND']);
  expect(await codes('READ_ONLY', { kind: 'SITE', siteId: initech.siteId })).toEqual(['NOT_FOUND']);
  expect(await codes('READ_ONLY', inGlobex, ada.context)).toEqual(['FORBIDDEN']);
  expect(await codes('READ_ONLY', { kind: 'SITE', siteId: globex.siteId })).toEqual([]);
  expect(await codes('READ_ONLY', { kind: 'SITE', siteId: globex.siteId })).toEqual(['CONFLICT']);
  const stranger = { userId: world.owner.viewer.id, roleId: await roleId(accounts, 'READ_ONLY'), scope: inGlobex };
  expect(codesOf(await attempt(accounts, GRANT, { input: stranger, context: admin.context }))).toEqual(['NOT_FOUND']);
});

test('lets nobody invite into more than they hold', async () => {
  await using world = await start();
  const { accounts, inGlobex, initech, admin } = world;
  const codes = async (role: string, scope: object) => {
    const input = {
      email: 'eve@example.com',
      name: 'Eve',
      roleId: await roleId(accounts, role),
      scopes: [inGlobex, scope],
    };
    return codesOf(await attempt(accounts, 'inviteUser { user { id } }', { input, context: admin.context }));
  };

  expect(await codes('OWNER', inGlobex)).toEqual(['FORBIDDEN']);
  expect(await codes('READ_ONLY', { kind: 'ALL' })).toEqual(['FORBIDDEN']);
  expect(await codes('READ_ONLY', { kind: 'ORGANIZATION', organizationId: initech.id })).toEqual(['NOT_FOUND']);
  expect(await codes('READ_ONLY', inGlobex)).toEqual([]);
});

test('revokes a grant at once, by who could have given it', async () => {
  await using world = await start();
  const { accounts, owner, admin, ada } = world;
  const [own, admins] = [
    await grantIdOf(accounts, ada.id, 'CLIENT_USER'),
    await grantIdOf(accounts, owner.viewer.id, 'OWNER'),
  ];

  expect(codesOf(await attempt(accounts, REVOKE, { input: { grantId: admins }, context: admin.context }))).toEqual([
    'NOT_FOUND',
  ]);
  expect(await mutate(accounts, REVOKE, { input: { grantId: own }, context: owner })).toEqual({
    grantId: own,
    user: { email: 'ada@example.com' },
  });
  expect((await contextFor(accounts, ada.token)).viewer).toMatchObject({ permissions: [], scope: { ids: [] } });
  expect(codesOf(await attempt(accounts, REVOKE, { input: { grantId: own }, context: owner }))).toEqual(['NOT_FOUND']);
});

test('keeps the last Owner of everything, also when two go at once', async () => {
  await using world = await start();
  const { accounts, owner } = world;
  const revoke = async (userId: string, context = owner) =>
    codesOf(
      await attempt(accounts, REVOKE, { input: { grantId: await grantIdOf(accounts, userId, 'OWNER') }, context }),
    );
  expect(await revoke(owner.viewer.id)).toEqual(['PRECONDITION_FAILED']);
  const joan = await addPerson(accounts, { email: 'joan@example.com', role: 'OWNER' }, owner);

  const both = await Promise.all([revoke(joan.id), revoke(owner.viewer.id, joan.context)]);

  expect(both.sort()).toEqual([[], ['PRECONDITION_FAILED']]);
});

test('makes, changes and removes roles of people’s own', async () => {
  await using world = await start();
  const { accounts, owner, ada, inGlobex } = world;
  const make = (input: object, context = owner) =>
    attempt(accounts, 'createRole { role { id name permissions isBuiltIn } }', { input, context });

  const made = await make({ name: ' Runner ', permissions: ['command:run', 'device:read', 'command:run'] });
  const { role } = (made.data as { answer: { role: { id: string } } }).answer;
  expect(role).toMatchObject({ name: 'Runner', permissions: ['command:run', 'device:read'], isBuiltIn: false });
  expect(codesOf(await make({ name: 'RUNNER', permissions: ['device:read'] }))).toEqual(['CONFLICT']);
  expect(codesOf(await make({ name: 'Owner', permissions: ['device:read'] }))).toEqual(['CONFLICT']);
  expect(codesOf(await make({ name: '', permissions: ['internal:router'] }))).toEqual(['BAD_USER_INPUT']);
  await mutate(accounts, GRANT, { input: { userId: ada.id, roleId: role.id, scope: inGlobex }, context: owner });

  const input = { roleId: role.id, permissions: ['device:read'] };
  expect(await mutate(accounts, 'updateRole { role { name permissions } }', { input, context: owner })).toEqual({
    role: { name: 'Runner', permissions: ['device:read'] },
  });
  expect((await contextFor(accounts, ada.token)).viewer.permissions).not.toContain('command:run');
  expect(
    codesOf(await attempt(accounts, 'deleteRole { roleId }', { input: { roleId: role.id }, context: owner })),
  ).toEqual(['PRECONDITION_FAILED']);
  await accounts.rows('delete from accounts."grant" where role_id = $1', [role.id]);
  expect(await mutate(accounts, 'deleteRole { roleId }', { input: { roleId: role.id }, context: owner })).toEqual({
    roleId: role.id,
  });
});

test('lets only who holds it everywhere change roles, and nobody the built-in ones', async () => {
  await using world = await start();
  const { accounts, owner, admin } = world;
  const everywhere = await addPerson(accounts, { email: 'joan@example.com', role: 'ADMIN' }, owner);
  const make = async (permissions: string[], context: RequestContext) =>
    codesOf(await attempt(accounts, 'createRole { role { id } }', { input: { name: 'New', permissions }, context }));

  expect(await make(['device:read'], admin.context)).toEqual(['FORBIDDEN']);
  expect(await make(['system:backup'], everywhere.context)).toEqual(['FORBIDDEN']);
  expect(await make(['device:read'], everywhere.context)).toEqual([]);
  for (const [mutation, input] of [
    ['updateRole { role { id } }', { roleId: await roleId(accounts, 'ADMIN'), permissions: ['device:read'] }],
    ['deleteRole { roleId }', { roleId: await roleId(accounts, 'AUDITOR') }],
  ] as const)
    expect(codesOf(await attempt(accounts, mutation, { input, context: owner }))).toEqual(['PRECONDITION_FAILED']);
});

test('lists roles and the catalogue', async () => {
  await using world = await start();
  const { data } = await world.accounts.call(
    '{ roles { name isBuiltIn permissions } permissions { name description needsStepUp isForApiKeys } }',
    {},
    world.owner,
  );

  const { roles, permissions } = data as { roles: { name: string }[]; permissions: unknown[] };
  expect(roles.map(role => role.name)).toEqual(['Admin', 'Auditor', 'Client user', 'Owner', 'Read-only', 'Technician']);
  expect(permissions).toContainEqual({
    name: 'role:write',
    description: 'Change roles and grant them.',
    needsStepUp: false,
    isForApiKeys: false,
  });
});

test('explains why somebody may do something', async () => {
  await using world = await start();
  const { accounts, owner, globex, initech, admin, ada } = world;
  const why = async (permission: string, place: object, context = owner) => {
    const answer = await accounts.call(
      `query ($userId: ID!, $permission: String!, $organizationId: ID, $siteId: ID, $deviceId: ID) {
        explainAccess(userId: $userId, permission: $permission, organizationId: $organizationId, siteId: $siteId, deviceId: $deviceId) {
          isAllowed user { email } grants { role { name } scope { kind } } } }`,
      { userId: ada.id, permission, ...place },
      context,
    );
    return answer.errors ? codesOf(answer) : answer.data?.explainAccess;
  };
  const because = {
    isAllowed: true,
    user: { email: 'ada@example.com' },
    grants: [{ role: { name: 'Client user' }, scope: { kind: 'ORGANIZATION' } }],
  };
  const no = { isAllowed: false, user: { email: 'ada@example.com' }, grants: [] };

  expect(await why('ticket:read', { organizationId: globex.id })).toEqual(because);
  expect(await why('ticket:read', { siteId: globex.siteId, deviceId: DEVICE })).toEqual(because);
  expect(await why('ticket:read', { organizationId: globex.id }, admin.context)).toEqual(because);
  expect(await why('ticket:read', {})).toEqual(no);
  expect(await why('ticket:read', { organizationId: initech.id })).toEqual(no);
  expect(await why('command:run', { organizationId: globex.id })).toEqual(no);
  expect(await why('ticket:read', { siteId: globex.siteId, organizationId: initech.id })).toEqual(['BAD_USER_INPUT']);
  expect(await why('internal:router', {})).toEqual(['BAD_USER_INPUT']);
  for (const place of [{ organizationId: initech.id }, {}, { organizationId: globex.id, deviceId: DEVICE }])
    expect(await why('ticket:read', place, admin.context)).toEqual(['FORBIDDEN']);
  expect(await why('ticket:read', { siteId: initech.siteId }, admin.context)).toEqual(['NOT_FOUND']);
  await mutate(accounts, 'disableUser { user { id } }', { input: { userId: ada.id }, context: owner });
  expect(await why('ticket:read', { organizationId: globex.id })).toEqual({ ...because, isAllowed: false });
});
