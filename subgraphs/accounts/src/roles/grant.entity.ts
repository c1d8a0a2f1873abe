import { defineEntity } from '@mikro-orm/core';
import { UserRecord } from '../users/user.entity.ts';
import { scopeKinds } from './effective-rights.ts';
import { RoleRecord } from './role.entity.ts';

const GrantSchema = defineEntity({
  name: 'Grant',
  tableName: 'grant',
  properties: p => ({
    id: p.uuid().primary(),
    user: p.manyToOne(UserRecord).mapToPk().deleteRule('cascade'),
    role: p.manyToOne(RoleRecord).ref().deleteRule('restrict'),
    scopeKind: p.enum([...scopeKinds]),
    /** What the kind is about; null for ALL only. */
    scopeId: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  }),
  checks: [{ name: 'grant_scope_check', expression: `((scope_kind = 'ALL'::text) = (scope_id is null))` }],
  uniques: [
    {
      name: 'grant_unique',
      expression: `create unique index "grant_unique" on "accounts"."grant" (user_id, role_id, scope_kind, scope_id) nulls not distinct`,
    },
  ],
});

/** A stored grant: a user has a role in a place. */
export class GrantRecord extends GrantSchema.class {}
GrantSchema.setClass(GrantRecord);
