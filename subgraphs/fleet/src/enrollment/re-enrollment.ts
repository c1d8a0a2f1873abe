import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DeviceEntity, type DeviceRow } from '../devices/device.entity.ts';
import { searchTextOf } from '../devices/search-text.ts';
import type { CommandChanged } from '../events.ts';
import { findSame } from '../identity/fingerprint.ts';
import type { EnrollmentTokenRow } from './enrollment-token.entity.ts';
import { type Application, factsOf } from './new-device.ts';

/** The record of the machine that applies, or undefined: never a guess, never one whose agent is connected. */
export async function findFormerSelf(
  em: EntityManager,
  { organizationId }: EnrollmentTokenRow,
  { fingerprint }: Application,
): Promise<DeviceRow | undefined> {
  const { machineId, serialNumber } = fingerprint;
  const signs = [...(machineId ? [{ machineId }] : []), ...(serialNumber ? [{ serialNumber }] : [])];
  if (signs.length === 0) return undefined;
  const candidates = await em.find(
    DeviceEntity,
    { organizationId, status: { $ne: 'REVOKED' }, $or: signs },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  const prints = candidates.map(row => ({
    row,
    machineId: row.machineId ?? null,
    serialNumber: row.serialNumber ?? null,
    macAddresses: row.macAddresses,
  }));
  const same = findSame(prints, fingerprint)?.row;
  return same && !same.connectedAt ? same : undefined;
}

/** Gives the record to the new key; what the former agent still held is lost, because its journal is gone with it. */
export async function takeOver(
  em: EntityManager,
  device: DeviceRow,
  { application, token, revision }: { application: Application; token: EnrollmentTokenRow; revision: number },
): Promise<CommandChanged[]> {
  Object.assign(device, factsOf(application), {
    status: token.needsApproval ? 'PENDING' : 'OFFLINE',
    lastSeenAt: new Date(),
    clockSkewSeconds: null,
    revision,
  });
  device.searchText = searchTextOf(device);
  await em.flush();
  const rows = await em.execute<{ id: string; organization_id: string; job_id: string | null }[]>(
    `update command set status = 'LOST', finished_at = now(), lease_until = null, reason = 'its device was installed anew'
      where device_id = ? and status in ('LEASED', 'RUNNING') returning id, organization_id, job_id`,
    [device.id],
  );
  return rows.map(({ id, organization_id, job_id }) => ({
    commandId: id,
    deviceId: device.id,
    organizationId: organization_id,
    jobId: job_id,
  }));
}
