import type { RequestContext } from '@muster/kit/context';
import type { Answer, TestAccounts } from './accounts.ts';
import { logIn, tokenOf } from './operations.ts';
import { attempt, contextFor, idOf, invite, mutate, type Outbox, password, roleId, tokenIn } from './people.ts';

/** Where every mutation is tried. */
export interface Trial {
  readonly accounts: TestAccounts;
  readonly outbox: Outbox;
  readonly owner: RequestContext;
}

/** One mutation: what it needs is made first, then it is run, once or more; `action` is what the audit trail says. */
export interface MutationTrial {
  readonly action: string;
  prepare(trial: Trial): Promise<() => Promise<Answer>>;
}

let count = 0;
const freshEmail = (): string => `person-${++count}@example.com`;
const inAYear = (): string => new Date(Date.now() + 300 * 24 * 3_600_000).toISOString();

/** Somebody with a session of their own; the link comes by mail in these trials. */
async function somebody({ accounts, outbox, owner }: Trial) {
  const email = freshEmail();
  const { user } = await invite(accounts, { email, role: 'TECHNICIAN' }, owner);
  await mutate(accounts, 'acceptInvitation { token }', { input: { token: outbox.token, password, clientKind: 'CLI' } });
  const token = tokenOf(await logIn(accounts, { email, password, clientKind: 'CLI' }));
  return { id: user.id, email, token, context: await contextFor(accounts, token) };
}

function always(mutation: string, input: (trial: Trial) => unknown): MutationTrial['prepare'] {
  return async trial => {
    const given = await input(trial);
    return () => attempt(trial.accounts, mutation, { input: given, context: trial.owner });
  };
}

function publicly(mutation: string, input: (trial: Trial) => unknown): MutationTrial['prepare'] {
  return async trial => {
    const given = await input(trial);
    return () => attempt(trial.accounts, mutation, { input: given });
  };
}

async function accessRequest({ accounts, owner }: Trial): Promise<string> {
  await mutate(accounts, 'updateAccountsSettings { settings { acceptsAccessRequests } }', {
    input: { acceptsAccessRequests: true },
    context: owner,
  });
  const email = freshEmail();
  await mutate(accounts, 'requestAccess { isAccepted }', { input: { email, name: 'Stranger' } });
  const [row] = await accounts.rows<{ id: string }>('select id from accounts.access_request where email = $1', [email]);
  return idOf(row);
}

async function ownRole({ accounts, owner }: Trial): Promise<string> {
  const input = { name: `Role ${++count}`, permissions: ['device:read'] };
  return (await mutate<{ role: { id: string } }>(accounts, 'createRole { role { id } }', { input, context: owner }))
    .role.id;
}

async function ownKey({ accounts, owner }: Trial): Promise<string> {
  const input = { name: 'key', permissions: ['device:read'], scopes: [{ kind: 'ALL' }], expiresAt: inAYear() };
  const made = await mutate<{ apiKey: { id: string } }>(accounts, 'createApiKey { apiKey { id } }', {
    input,
    context: owner,
  });
  return made.apiKey.id;
}

const grantInput = async (trial: Trial) => ({
  userId: (await somebody(trial)).id,
  roleId: await ownRole(trial),
  scope: { kind: 'ALL' },
});

/** Every mutation of the graph but completeSetup, with which each of these trials begins. */
export const everyMutation: Readonly<Record<string, MutationTrial>> = {
  logIn: {
    action: 'session.opened',
    prepare:
      async ({ accounts }) =>
      () =>
        logIn(accounts),
  },
  logOut: {
    action: 'session.closed',
    prepare: async trial => {
      const { context } = await somebody(trial);
      return () => attempt(trial.accounts, 'logOut { viewer { kind } }', { context });
    },
  },
  createOrganization: {
    action: 'organization.created',
    prepare: always('createOrganization { organization { id } }', () => ({ name: 'Globex' })),
  },
  createSite: {
    action: 'site.created',
    prepare: always('createSite { site { id } }', async ({ accounts }) => {
      const [row] = await accounts.rows<{ id: string }>('select id from accounts.organization limit 1');
      return { organizationId: idOf(row), name: `Site ${++count}` };
    }),
  },
  inviteUser: {
    action: 'user.invited',
    prepare: always('inviteUser { user { id } }', async ({ accounts }) => ({
      email: freshEmail(),
      name: 'Ada',
      roleId: await roleId(accounts, 'TECHNICIAN'),
      scopes: [{ kind: 'ALL' }],
    })),
  },
  renewInvitation: {
    action: 'invitation.renewed',
    prepare: always('renewInvitation { user { id } }', async ({ accounts, owner }) => ({
      userId: (await invite(accounts, { email: freshEmail(), role: 'TECHNICIAN' }, owner)).user.id,
    })),
  },
  acceptInvitation: {
    action: 'invitation.accepted',
    prepare: publicly('acceptInvitation { token }', async ({ accounts, outbox, owner }) => {
      await invite(accounts, { email: freshEmail(), role: 'TECHNICIAN' }, owner);
      return { token: outbox.token, password };
    }),
  },
  disableUser: {
    action: 'user.disabled',
    prepare: always('disableUser { user { id } }', async trial => ({ userId: (await somebody(trial)).id })),
  },
  enableUser: {
    action: 'user.enabled',
    prepare: always('enableUser { user { id } }', async trial => {
      const { id: userId } = await somebody(trial);
      await mutate(trial.accounts, 'disableUser { user { id } }', { input: { userId }, context: trial.owner });
      return { userId };
    }),
  },
  changePassword: {
    action: 'password.changed',
    prepare: async trial => {
      const { context } = await somebody(trial);
      const input = { currentPassword: password, newPassword: 'staple battery horse' };
      return () => attempt(trial.accounts, 'changePassword { user { id } }', { input, context });
    },
  },
  requestPasswordReset: {
    action: 'password.resetRequested',
    prepare: publicly('requestPasswordReset { isAccepted }', async trial => ({ email: (await somebody(trial)).email })),
  },
  createPasswordResetLink: {
    action: 'password.linkCreated',
    prepare: always('createPasswordResetLink { link }', async trial => ({ userId: (await somebody(trial)).id })),
  },
  resetPassword: {
    action: 'password.reset',
    prepare: publicly('resetPassword { user { id } }', async trial => {
      const input = { userId: (await somebody(trial)).id };
      const made = await mutate(trial.accounts, 'createPasswordResetLink { link }', { input, context: trial.owner });
      return { token: tokenIn(made.link), password: 'staple battery horse' };
    }),
  },
  requestAccess: {
    action: 'access.requested',
    prepare: publicly('requestAccess { isAccepted }', async trial => {
      await accessRequest(trial);
      return { email: freshEmail(), name: 'Stranger', message: 'Let me in' };
    }),
  },
  approveAccessRequest: {
    action: 'access.approved',
    prepare: always('approveAccessRequest { user { id } }', async trial => ({
      requestId: await accessRequest(trial),
      roleId: await roleId(trial.accounts, 'READ_ONLY'),
      scopes: [{ kind: 'ALL' }],
    })),
  },
  refuseAccessRequest: {
    action: 'access.refused',
    prepare: always('refuseAccessRequest { requestId }', async trial => ({ requestId: await accessRequest(trial) })),
  },
  updateAccountsSettings: {
    action: 'settings.updated',
    prepare: always('updateAccountsSettings { settings { acceptsAccessRequests } }', async ({ accounts }) => {
      const [row] = await accounts.rows<{ now: boolean }>(
        'select accepts_access_requests as now from accounts.settings',
      );
      return { acceptsAccessRequests: row?.now !== true };
    }),
  },
  createRole: {
    action: 'role.created',
    prepare: always('createRole { role { id } }', () => ({ name: `Role ${++count}`, permissions: ['device:read'] })),
  },
  updateRole: {
    action: 'role.updated',
    prepare: always('updateRole { role { id } }', async trial => ({
      roleId: await ownRole(trial),
      name: `Role ${++count}`,
    })),
  },
  deleteRole: {
    action: 'role.deleted',
    prepare: always('deleteRole { roleId }', async trial => ({ roleId: await ownRole(trial) })),
  },
  grantRole: { action: 'role.granted', prepare: always('grantRole { grant { id } }', grantInput) },
  revokeGrant: {
    action: 'role.revoked',
    prepare: always('revokeGrant { grantId }', async trial => {
      const input = await grantInput(trial);
      const made = await mutate<{ grant: { id: string } }>(trial.accounts, 'grantRole { grant { id } }', {
        input,
        context: trial.owner,
      });
      return { grantId: made.grant.id };
    }),
  },
  createApiKey: {
    action: 'apiKey.created',
    prepare: always('createApiKey { secret }', () => ({
      name: 'key',
      permissions: ['device:read'],
      scopes: [{ kind: 'ALL' }],
      expiresAt: inAYear(),
    })),
  },
  revokeApiKey: {
    action: 'apiKey.revoked',
    prepare: always('revokeApiKey { apiKeyId }', async trial => ({ apiKeyId: await ownKey(trial) })),
  },
  revokeSession: {
    action: 'session.revoked',
    prepare: always('revokeSession { sessionId }', async trial => ({
      sessionId: (await somebody(trial)).context.viewer.sessionId,
    })),
  },
  revokeAllSessions: {
    action: 'session.allRevoked',
    prepare: always('revokeAllSessions { sessionCount }', async trial => ({ userId: (await somebody(trial)).id })),
  },
};
