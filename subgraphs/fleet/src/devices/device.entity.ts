import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** States of a device: it waits for approval, is connected, is not, has been away for too long, or is cut off for good. */
export const DEVICE_STATUSES = ['PENDING', 'ONLINE', 'OFFLINE', 'OVERDUE', 'REVOKED'] as const;
export type DeviceStatusName = (typeof DEVICE_STATUSES)[number];

/** What people noted about a device, by the id of the custom field. */
export type CustomValues = Readonly<Record<string, string | number | boolean>>;

/** Row of a machine that has enrolled; what lists show and filter by is copied here from its inventory. */
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
    osName: p.text(),
    osVersion: p.text().nullable(),
    architecture: p.text().nullable(),
    needsReboot: p.boolean().nullable(),
    manufacturer: p.text().nullable(),
    model: p.text().nullable(),
    addresses: p.array(),
    memoryBytes: p.bigint('number').nullable(),
    cpuThreads: p.integer().nullable(),
    machineId: p.text().nullable(),
    serialNumber: p.text().nullable(),
    macAddresses: p.array(),
    status: p.enum(DEVICE_STATUSES),
    agentVersion: p.string(),
    protocol: p.integer(),
    enrolledAt: p.datetime(),
    lastSeenAt: p.datetime(),
    connectedAt: p.datetime().nullable(),
    bootedAt: p.datetime().nullable(),
    inventoryAt: p.datetime().nullable(),
    remoteAddress: p.string().nullable(),
    clockSkewSeconds: p.float().nullable(),
    tags: p.array(),
    notes: p.text().nullable(),
    customFields: p.json<CustomValues>(),
    searchText: p.text(),
    revision: p.bigint('number'),
  },
});
export type DeviceRow = InferEntity<typeof DeviceEntity>;
