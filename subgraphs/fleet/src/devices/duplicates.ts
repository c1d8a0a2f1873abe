import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import DataLoader from 'dataloader';
import { looksLike } from '../identity/fingerprint.ts';
import { DeviceEntity, type DeviceRow } from './device.entity.ts';

/** Most look-alikes that one device shows. */
const MAX_SHOWN = 20;

/** Finds devices that may be records of one machine; one statement for a page of devices. */
export class Duplicates {
  readonly #database: Database;
  readonly #loader: DataLoader<DeviceRow, DeviceRow[]>;

  constructor(database: Database) {
    this.#database = database;
    this.#loader = new DataLoader(devices => this.#find(devices), { cache: false, maxBatchSize: 500 });
  }

  /** Other devices of the same organization, within the viewer's sight, that look like the same machine. */
  async of(viewer: Viewer, device: DeviceRow): Promise<DeviceRow[]> {
    const alike = device.machineId || device.serialNumber ? await this.#loader.load(device) : [];
    return alike.filter(({ organizationId }) => maySeeOrganization(viewer, organizationId)).slice(0, MAX_SHOWN);
  }

  async #find(devices: readonly DeviceRow[]): Promise<DeviceRow[][]> {
    const valuesOf = (property: 'machineId' | 'serialNumber') => [
      ...new Set(devices.map(device => device[property]).filter(value => typeof value === 'string')),
    ];
    const candidates = await this.#database.fork().find(DeviceEntity, {
      status: { $ne: 'REVOKED' },
      $or: [{ machineId: { $in: valuesOf('machineId') } }, { serialNumber: { $in: valuesOf('serialNumber') } }],
    });
    const isAlike = (one: DeviceRow, other: DeviceRow): boolean =>
      one.id !== other.id && one.organizationId === other.organizationId && looksLike(toPrint(one), toPrint(other));
    return devices.map(device => candidates.filter(candidate => isAlike(device, candidate)));
  }
}

/** The part of a row that tells machines apart. */
function toPrint({ machineId, serialNumber, macAddresses }: DeviceRow) {
  return { machineId: machineId ?? null, serialNumber: serialNumber ?? null, macAddresses };
}
