import * as v from 'valibot';
import { scopeFields, scopeSchema } from '#features/access/scopes.ts';
import { emailSchema } from '#features/accounts/accounts.ts';
import { sessionRow } from '#features/sessions/sessions.ts';
import { type FragmentOf, graphql, type ResultOf } from '#graph/graphql.ts';

const grantRow = graphql(
  `
    fragment GrantRow on Grant @_unmask {
      id
      role {
        id
        name
        permissions
      }
      scope {
        ...ScopeFields
      }
    }
  `,
  [scopeFields],
);

/** A role that somebody has, and where. */
export type GrantRow = FragmentOf<typeof grantRow>;

const userRow = graphql(`
  fragment UserRow on User @_unmask {
    id
    name
    email
    status
    createdAt
    lastSeenAt
  }
`);

/** A person as a row. */
export type UserRow = FragmentOf<typeof userRow>;

/** One page of people; roles only for who may see them. */
export const usersQuery = graphql(
  `
    query Users($first: Int!, $after: String, $search: String, $hasGrants: Boolean!) {
      users(first: $first, after: $after, search: $search) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...UserRow
          grants @include(if: $hasGrants) {
            ...GrantRow
          }
        }
      }
    }
  `,
  [userRow, grantRow],
);

/** A person in the list, with roles where they may be seen. */
export type ListedUser = ResultOf<typeof usersQuery>['users']['nodes'][number];

/** One person; roles and sessions only for who may see them. */
export const userQuery = graphql(
  `
    query User($id: ID!, $hasGrants: Boolean!, $hasSessions: Boolean!) {
      user(id: $id) {
        ...UserRow
        grants @include(if: $hasGrants) {
          ...GrantRow
        }
        sessions @include(if: $hasSessions) {
          ...SessionRow
        }
      }
    }
  `,
  [userRow, grantRow, sessionRow],
);

/** A person in full. */
export type UserDetail = NonNullable<ResultOf<typeof userQuery>['user']>;

/** Lets somebody in; the link is there only where no mail is sent. */
export const inviteUserMutation = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      user {
        id
        name
        email
      }
      link
      expiresAt
    }
  }
`);

/** Makes another invitation link; the old one stops working. */
export const renewInvitationMutation = graphql(`
  mutation RenewInvitation($userId: ID!) {
    renewInvitation(input: { userId: $userId }) {
      link
      expiresAt
    }
  }
`);

/** Makes a link by which somebody can choose a new password. */
export const createPasswordResetLinkMutation = graphql(`
  mutation CreatePasswordResetLink($userId: ID!) {
    createPasswordResetLink(input: { userId: $userId }) {
      link
      expiresAt
    }
  }
`);

/** Locks somebody out. */
export const disableUserMutation = graphql(`
  mutation DisableUser($userId: ID!) {
    disableUser(input: { userId: $userId }) {
      user {
        id
        status
      }
    }
  }
`);

/** Lets somebody in again. */
export const enableUserMutation = graphql(`
  mutation EnableUser($userId: ID!) {
    enableUser(input: { userId: $userId }) {
      user {
        id
        status
      }
    }
  }
`);

/** Gives a role. */
export const grantRoleMutation = graphql(`
  mutation GrantRole($input: GrantRoleInput!) {
    grantRole(input: $input) {
      grant {
        id
      }
    }
  }
`);

/** Takes a role away. */
export const revokeGrantMutation = graphql(`
  mutation RevokeGrant($grantId: ID!) {
    revokeGrant(input: { grantId: $grantId }) {
      grantId
    }
  }
`);

const roleId = v.pipe(v.string(), v.nonEmpty('Choose a role.'));

/** What the form for an invitation must hold. */
export const inviteSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.nonEmpty('Enter the name.'), v.maxLength(100, 'Use 100 characters at most.')),
  email: emailSchema,
  roleId,
  scope: scopeSchema,
});

/** What the form for a grant must hold. */
export const grantSchema = v.object({ roleId, scope: scopeSchema });
