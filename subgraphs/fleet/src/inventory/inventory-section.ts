/** Parts of a device's inventory that are reported, hashed and stored on their own. */
export const INVENTORY_SECTIONS = [
  'OS',
  'HARDWARE',
  'FILE_SYSTEMS',
  'DISKS',
  'NETWORK',
  'SOFTWARE',
  'USERS',
  'SERVICES',
  'PROCESSES',
  'UPDATES',
  'CONTAINERS',
] as const;
export type InventorySectionName = (typeof INVENTORY_SECTIONS)[number];
