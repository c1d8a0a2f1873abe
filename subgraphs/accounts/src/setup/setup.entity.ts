import { defineEntity } from '@mikro-orm/core';

/** Key of the only row. */
export const SETUP_ID = 1;

const SetupSchema = defineEntity({
  name: 'Setup',
  tableName: 'setup',
  properties: p => ({
    id: p.smallint().primary().autoincrement(false),
    /** SHA-256 of the newest set-up secret; null once the set-up is complete. */
    secretHash: p.blob().nullable().hidden(),
    completedAt: p.datetime().columnType('timestamptz').nullable(),
  }),
  checks: [
    { name: 'setup_single_row', expression: 'id = 1' },
    { name: 'setup_secret_ends', expression: '((completed_at is null) or (secret_hash is null))' },
  ],
});

/** The stored state of the set-up: one row per installation. */
export class SetupRecord extends SetupSchema.class {}
SetupSchema.setClass(SetupRecord);
