import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { newId } from '@muster/kit/ids';
import type { Store } from '../store.ts';
import { Problems } from '../validation/problems.ts';
import { nameProblems } from '../validation/text.ts';
import { requireEverywhere, requireHeld, requirePerson } from './authority.ts';
import { GrantRecord } from './grant.entity.ts';
import { findRole } from './grants.ts';
import { isPermission, type Permission } from './permissions.ts';
import { RoleRecord } from './role.entity.ts';

/** What a role of people's own is made of. */
export interface RoleFacts {
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Far more than people can tell apart; the list is shown whole. */
const MAX_ROLES = 200;

/** Roles: the built-in ones, and those that people make. They belong to no tenant, so who changes them must hold the right everywhere. */
export class Roles {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every role, by name. */
  async list(): Promise<RoleRecord[]> {
    return this.#store.asService().find(RoleRecord, {}, { orderBy: { name: 'asc', id: 'asc' } });
  }

  /** Makes a role of what the viewer holds everywhere. */
  async create(input: RoleFacts, context: RequestContext): Promise<RoleRecord> {
    return this.#change(context, async em => {
      const facts = checked(input, context);
      if ((await em.count(RoleRecord)) >= MAX_ROLES)
        throw new AppError('PRECONDITION_FAILED', `There are ${MAX_ROLES} roles already.`);
      const id = newId();
      await em.insert(RoleRecord, { id, key: null, ...facts });
      await audit(em, context, { action: 'role.created', target: { type: 'Role', id }, details: { ...facts } });
      return em.findOneOrFail(RoleRecord, id);
    });
  }

  /** Changes a role for everybody who has it; takes effect at their next call. */
  async update(
    input: Partial<{ [K in keyof RoleFacts]: RoleFacts[K] | null }> & { readonly roleId: string },
    context: RequestContext,
  ): Promise<RoleRecord> {
    return this.#change(context, async em => {
      const role = await findOwnRole(em, input.roleId);
      const facts = checked(
        { name: input.name ?? role.name, permissions: input.permissions ?? role.permissions },
        context,
      );
      const before = { name: role.name, permissions: role.permissions };
      em.assign(role, facts);
      await em.flush();
      const target = { type: 'Role', id: role.id };
      await audit(em, context, { action: 'role.updated', target, details: { before, after: facts } });
      return role;
    });
  }

  /** Removes a role that nobody has; taking a role away from people is revokeGrant's work, one by one. */
  async delete(roleId: string, context: RequestContext): Promise<void> {
    await this.#change(context, async em => {
      const role = await findOwnRole(em, roleId);
      const holders = await em.count(GrantRecord, { role: role.id });
      if (holders > 0)
        throw new AppError('PRECONDITION_FAILED', `The role is granted ${holders} times. Revoke these grants first.`);
      await em.nativeDelete(RoleRecord, { id: role.id });
      const target = { type: 'Role', id: role.id };
      await audit(em, context, { action: 'role.deleted', target, details: { name: role.name } });
    });
  }

  async #change<T>(context: RequestContext, work: (em: EntityManager) => Promise<T>): Promise<T> {
    requirePerson(context.viewer);
    requireEverywhere(context.viewer, 'role:write');
    try {
      return await this.#store.as(context.viewer, 'role:write').transactional(work);
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      throw new AppError('CONFLICT', 'There is a role of this name already.', { cause: error });
    }
  }
}

async function findOwnRole(em: EntityManager, id: string): Promise<RoleRecord> {
  const role = await findRole(em, id);
  if (role.key != null) throw new AppError('PRECONDITION_FAILED', 'Built-in roles cannot be changed.');
  return role;
}

function checked(
  { name, permissions }: RoleFacts,
  { viewer }: RequestContext,
): { name: string; permissions: Permission[] } {
  const problems = new Problems();
  problems.add('input.name', nameProblems(name));
  problems.add('input.permissions', permissionProblems(permissions));
  problems.throwIfAny();
  const known = [...new Set(permissions.filter(isPermission))].sort();
  requireHeld(viewer, known, { kind: 'ALL' });
  return { name: name.trim(), permissions: known };
}

/** What is wrong with a list of permissions. */
export function permissionProblems(permissions: readonly string[]): string[] {
  if (permissions.length === 0) return ['is empty'];
  const unknown = permissions.filter(name => !isPermission(name)).map(name => name.slice(0, 50));
  return unknown.length > 0 ? [`names what is no permission: ${unknown.slice(0, 5).join(', ')}`] : [];
}
