import type { DeviceRow } from './device.entity.ts';

const MAX_LENGTH = 4_000;

/** What a device is found by, in lower case: names, tags, system, model, serial number, addresses. */
export function searchTextOf(device: Omit<DeviceRow, 'searchText' | 'revision' | 'publicKey'>): string {
  const words = [
    device.hostname,
    device.displayName,
    ...device.tags,
    device.osName,
    device.osVersion,
    device.manufacturer,
    device.model,
    device.serialNumber,
    ...device.macAddresses,
    ...device.addresses,
  ];
  return words.filter(Boolean).join(' ').toLowerCase().slice(0, MAX_LENGTH);
}
