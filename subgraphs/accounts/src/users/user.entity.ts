import { defineEntity, type Opt } from '@mikro-orm/core';
import { sqlCondition, withinScope } from '../scope-filter.ts';
import { UserStatus } from './user-status.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'user',
  properties: p => ({
    id: p.uuid().primary(),
    /** As normalizeEmail() spells it. */
    email: p.text(),
    name: p.text(),
    /** The name as lists order it, made by the database. */
    sortName: p.text().generated('lower("name") stored').$type<Opt<string>>(),
    status: p.enum(Object.values(UserStatus)),
    /** Null until an invitation is accepted. */
    passwordHash: p.text().nullable().hidden(),
    createdAt: p.datetime().columnType('timestamptz'),
    lastSeenAt: p.datetime().columnType('timestamptz').nullable(),
  }),
  indexes: [{ name: 'user_sort_name_id_index', properties: ['sortName', 'id'] }],
  uniques: [
    {
      name: 'user_email_unique',
      expression: 'create unique index "user_email_unique" on "accounts"."user" (lower("email"))',
    },
  ],
  filters: withinScope(({ ids, siteIds }) =>
    sqlCondition(
      'exists (select from accounts."grant" g where g.user_id = row.id and (g.organization_id = any ? or g.site_id = any ?))',
      [ids, siteIds],
    ),
  ),
});

/** A stored person; queries see who has a grant within the viewer's scope only. */
export class UserRecord extends UserSchema.class {}
UserSchema.setClass(UserRecord);
