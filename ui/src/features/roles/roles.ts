import * as v from 'valibot';
import { type FragmentOf, graphql } from '#graph/graphql.ts';

const roleRow = graphql(`
  fragment RoleRow on Role @_unmask {
    id
    name
    permissions
    isBuiltIn
  }
`);

/** A role with what it allows. */
export type RoleRow = FragmentOf<typeof roleRow>;

/** Every role. */
export const rolesQuery = graphql(
  `
    query Roles {
      roles {
        ...RoleRow
      }
    }
  `,
  [roleRow],
);

/** Adds a role. */
export const createRoleMutation = graphql(`
  mutation CreateRole($input: CreateRoleInput!) {
    createRole(input: $input) {
      role {
        id
      }
    }
  }
`);

/** Changes a role for everybody who has it. */
export const updateRoleMutation = graphql(`
  mutation UpdateRole($input: UpdateRoleInput!) {
    updateRole(input: $input) {
      role {
        id
      }
    }
  }
`);

/** Removes a role that nobody has. */
export const deleteRoleMutation = graphql(`
  mutation DeleteRole($roleId: ID!) {
    deleteRole(input: { roleId: $roleId }) {
      roleId
    }
  }
`);

/** What the form for a role must hold. */
export const roleSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.nonEmpty('Name the role.'), v.maxLength(100, 'Use 100 characters at most.')),
  permissions: v.pipe(v.array(v.string()), v.minLength(1, 'Tick what the role allows.')),
});
