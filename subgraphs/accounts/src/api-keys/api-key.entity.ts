import { defineEntity } from '@mikro-orm/core';
import type { GrantScope } from '../roles/grant-scope.ts';
import { UserRecord } from '../users/user.entity.ts';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: p => ({
    id: p.uuid().primary(),
    user: p.manyToOne(UserRecord).ref().deleteRule('cascade').index('api_key_user_id_index'),
    name: p.text(),
    /** The readable beginning, by which people tell keys apart. */
    prefix: p.text().unique('api_key_prefix_unique'),
    /** SHA-256 of the whole key; the key itself is nowhere stored. */
    tokenHash: p.blob().unique('api_key_token_hash_unique').hidden(),
    /** What its owner wished for it; what it may is decided anew at each use. */
    permissions: p.array().columnType('text[]'),
    scopes: p.json<GrantScope[]>(),
    createdAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
    lastUsedAt: p.datetime().columnType('timestamptz').nullable(),
  }),
});

/** A stored API key. */
export class ApiKeyRecord extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKeyRecord);
