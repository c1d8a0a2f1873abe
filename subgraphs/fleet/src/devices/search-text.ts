import type { DeviceRow } from './device.entity.ts';

const MAX_LENGTH = 4_000;

/** The part of a device that it is found by. */
export type Searchable = Pick<
  DeviceRow,
  | 'hostname'
  | 'displayName'
  | 'tags'
  | 'osName'
  | 'osVersion'
  | 'manufacturer'
  | 'model'
  | 'serialNumber'
  | 'macAddresses'
  | 'addresses'
>;

/** What a device is found by, in lower case: names, tags, system, model, serial number, addresses. */
export function searchTextOf(device: Searchable): string {
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
