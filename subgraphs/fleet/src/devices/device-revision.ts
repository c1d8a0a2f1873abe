import type { EntityManager } from '@mikro-orm/postgresql';
import type { DeviceChanged } from '../events.ts';
import type { DeviceRow } from './device.entity.ts';
import type { DeviceChangeKindName } from './device-change.ts';

/** The next number in the order of all changes of devices. */
export async function nextRevision(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ revision: string }[]>(`select nextval('device_revision') as revision`);
  return Number(row?.revision);
}

/** The event that tells of a stored change. */
export function toEvent(device: DeviceRow, kind: DeviceChangeKindName): DeviceChanged {
  return {
    deviceId: device.id,
    organizationId: device.organizationId,
    siteId: device.siteId,
    kind,
    sequence: device.revision,
  };
}
