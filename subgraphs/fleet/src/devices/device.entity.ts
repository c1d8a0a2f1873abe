import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** States of a device: it waits for approval, is connected, is not, has been away for too long, or is cut off for good. */
export const DEVICE_STATUSES = ['PENDING', 'ONLINE', 'OFFLINE', 'OVERDUE', 'REVOKED'] as const;
export type DeviceStatusName = (typeof DEVICE_STATUSES)[number];

/** Row of a machine that has enrolled. */
export const DeviceEntity = defineEntity({
  name: 'Device',
  tableName: 'device',
  properties: {
    id: p.uuid().primary(),
    publicKey: p.blob(),
    organizationId: p.uuid(),
    siteId: p.uuid(),
    hostname: p.string(),
    displayName: p.string().nullable(),
    osFamily: p.string(),
    status: p.enum(DEVICE_STATUSES),
    agentVersion: p.string(),
    protocol: p.integer(),
    enrolledAt: p.datetime(),
    lastSeenAt: p.datetime(),
    connectedAt: p.datetime().nullable(),
    bootedAt: p.datetime().nullable(),
    inventoryAt: p.datetime().nullable(),
    remoteAddress: p.string().nullable(),
    searchText: p.text(),
    revision: p.bigint('number'),
  },
});
export type DeviceRow = InferEntity<typeof DeviceEntity>;
