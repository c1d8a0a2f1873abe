import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { permissionsOf } from './built-in-roles.ts';
import { allPermissions, isForApiKeys, permissionCatalogue } from './permissions.ts';
import type { RoleRecord } from './role.entity.ts';
import { CreateRoleInput, DeleteRoleInput, UpdateRoleInput } from './role.input.ts';
import { CreateRolePayload, DeleteRolePayload, UpdateRolePayload } from './role.payload.ts';
import { PermissionEntry, Role } from './role.ts';
import type { Roles } from './roles.ts';

/** Roles and the catalogue of permissions in the graph. */
@Resolver(() => Role)
export class RoleResolver {
  readonly #roles: Roles;

  constructor(roles: Roles) {
    this.#roles = roles;
  }

  @Requires('role:read')
  @Query(() => [Role], { description: 'Every role, built-in or made by people, by name.' })
  roles(): Promise<Role[]> {
    return this.#roles.list();
  }

  @Requires('role:read')
  @Query(() => [PermissionEntry], { description: 'Everything that people and keys can be allowed.' })
  permissions(): PermissionEntry[] {
    return allPermissions.map(name => ({
      name,
      description: permissionCatalogue[name],
      needsStepUp: false,
      isForApiKeys: isForApiKeys(name),
    }));
  }

  @FieldResolver(() => [String], { name: 'permissions', description: 'What it allows, `noun:verb`.' })
  permissionsOfRole(@Root() role: RoleRecord): readonly string[] {
    return [...permissionsOf(role)].sort();
  }

  @FieldResolver(() => Boolean, { description: 'Built-in roles cannot be changed.' })
  isBuiltIn(@Root() role: RoleRecord): boolean {
    return role.key != null;
  }

  @Requires('role:write')
  @Mutation(() => CreateRolePayload, { description: 'Adds a role of permissions that the caller holds everywhere.' })
  async createRole(
    @Arg('input', () => CreateRoleInput) input: CreateRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateRolePayload> {
    return { role: await this.#roles.create(input, context) };
  }

  @Requires('role:write')
  @Mutation(() => UpdateRolePayload, { description: 'Changes a role for everybody who has it.' })
  async updateRole(
    @Arg('input', () => UpdateRoleInput) input: UpdateRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateRolePayload> {
    return { role: await this.#roles.update(input, context) };
  }

  @Requires('role:write')
  @Mutation(() => DeleteRolePayload, { description: 'Removes a role that nobody has.' })
  async deleteRole(
    @Arg('input', () => DeleteRoleInput) { roleId }: DeleteRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteRolePayload> {
    await this.#roles.delete(roleId, context);
    return { roleId };
  }
}
