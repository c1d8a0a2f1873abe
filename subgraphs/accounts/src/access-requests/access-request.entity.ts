import { defineEntity } from '@mikro-orm/core';

const AccessRequestSchema = defineEntity({
  name: 'AccessRequest',
  tableName: 'access_request',
  properties: p => ({
    id: p.uuid().primary(),
    /** As normalizeEmail() spells it. */
    email: p.text(),
    name: p.text(),
    message: p.text(),
    remoteAddress: p.text().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  }),
  uniques: [
    {
      name: 'access_request_email_unique',
      expression: 'create unique index "access_request_email_unique" on "accounts"."access_request" (lower("email"))',
    },
  ],
});

/** A stored request that nobody has answered yet. */
export class AccessRequestRecord extends AccessRequestSchema.class {}
AccessRequestSchema.setClass(AccessRequestRecord);
