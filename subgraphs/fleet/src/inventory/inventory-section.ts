import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Parts of a device's inventory that are reported, hashed and stored on their own. */
export const INVENTORY_SECTIONS = ['OS', 'HARDWARE', 'FILE_SYSTEMS', 'DISKS', 'NETWORK', 'SOFTWARE', 'USERS'] as const;
export type InventorySectionName = (typeof INVENTORY_SECTIONS)[number];

/** Row of one section of one device, as last reported. */
export const InventorySectionEntity = defineEntity({
  name: 'InventorySectionRow',
  tableName: 'inventory_section',
  properties: {
    deviceId: p.uuid().primary(),
    section: p.enum(INVENTORY_SECTIONS).primary(),
    hash: p.string(),
    data: p.json<unknown>(),
    reportedAt: p.datetime(),
  },
});
export type InventorySectionRow = InferEntity<typeof InventorySectionEntity>;
