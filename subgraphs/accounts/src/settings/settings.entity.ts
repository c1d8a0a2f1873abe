import { defineEntity } from '@mikro-orm/core';

/** Key of the only row. */
export const SETTINGS_ID = 1;

const SettingsSchema = defineEntity({
  name: 'Settings',
  tableName: 'settings',
  properties: p => ({
    id: p.smallint().primary().autoincrement(false),
    acceptsAccessRequests: p.boolean(),
  }),
  checks: [{ name: 'settings_single_row', expression: 'id = 1' }],
});

/** The stored settings of accounts: one row per installation. */
export class SettingsRecord extends SettingsSchema.class {}
SettingsSchema.setClass(SettingsRecord);
