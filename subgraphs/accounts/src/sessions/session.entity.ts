import { defineEntity } from '@mikro-orm/core';
import { UserRecord } from '../users/user.entity.ts';
import { ClientKind } from './client-kind.ts';

const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: p => ({
    id: p.uuid().primary(),
    user: p.manyToOne(UserRecord).ref().deleteRule('cascade').index('session_user_id_index'),
    /** SHA-256 of the token; the token itself is nowhere stored. */
    tokenHash: p.blob().unique('session_token_hash_unique').hidden(),
    kind: p.enum(Object.values(ClientKind)),
    createdAt: p.datetime().columnType('timestamptz'),
    lastSeenAt: p.datetime().columnType('timestamptz'),
    /** The end that no activity moves. */
    expiresAt: p.datetime().columnType('timestamptz'),
    remoteAddress: p.text().nullable(),
  }),
});

/** A stored session. */
export class SessionRecord extends SessionSchema.class {}
SessionSchema.setClass(SessionRecord);
