import { defineEntity } from '@mikro-orm/core';
import { UserRecord } from './user.entity.ts';

const UserTokenSchema = defineEntity({
  name: 'UserToken',
  tableName: 'user_token',
  properties: p => ({
    id: p.uuid().primary(),
    user: p.manyToOne(UserRecord).ref().deleteRule('cascade').index('user_token_user_id_index'),
    purpose: p.enum(['INVITATION', 'PASSWORD_RESET']),
    /** SHA-256 of the token; the token itself is nowhere stored. */
    tokenHash: p.blob().unique('user_token_token_hash_unique').hidden(),
    createdAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
  }),
});

/** A stored one-time link: it proves that its bearer was sent it. */
export class UserTokenRecord extends UserTokenSchema.class {}
UserTokenSchema.setClass(UserTokenRecord);
