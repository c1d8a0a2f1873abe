import { defineEntity } from '@mikro-orm/core';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'user',
  properties: p => ({
    id: p.uuid().primary(),
    /** As normalizeEmail() spells it. */
    email: p.text(),
    name: p.text(),
    passwordHash: p.text().hidden(),
    createdAt: p.datetime().columnType('timestamptz'),
  }),
  uniques: [
    {
      name: 'user_email_unique',
      expression: 'create unique index "user_email_unique" on "accounts"."user" (lower("email"))',
    },
  ],
});

/** A stored person. */
export class UserRecord extends UserSchema.class {}
UserSchema.setClass(UserRecord);
