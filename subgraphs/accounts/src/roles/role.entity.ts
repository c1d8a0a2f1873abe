import { defineEntity } from '@mikro-orm/core';

const RoleSchema = defineEntity({
  name: 'Role',
  tableName: 'role',
  properties: p => ({
    id: p.uuid().primary(),
    /** Names a built-in role; null for roles that people made. */
    key: p.text().nullable().unique('role_key_unique'),
    name: p.text(),
    /** Of roles that people made; what built-in roles allow is in code. */
    permissions: p.array().columnType('text[]'),
  }),
  uniques: [
    {
      name: 'role_name_unique',
      expression: 'create unique index "role_name_unique" on "accounts"."role" (lower("name"))',
    },
  ],
});

/** A stored role. */
export class RoleRecord extends RoleSchema.class {}
RoleSchema.setClass(RoleRecord);
