import type { Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId } from '@muster/kit/ids';
import { DeviceEntity } from '../devices/device.entity.ts';
import type { DeviceFilter } from '../devices/device.input.ts';
import { whereOf } from '../devices/device-conditions.ts';
import type { JobTargetInput } from './job.input.ts';

/** Most devices of one job. */
const MAX_DEVICES = 20_000;

/** A device that a job is for. */
export interface TargetDevice {
  readonly id: string;
  readonly organizationId: string;
  readonly isOnline: boolean;
}

/** The filter behind a target, or BAD_USER_INPUT where it says nothing or several things. */
export function filterOf(target: JobTargetInput): DeviceFilter {
  const given = Object.entries(target).filter(([, value]) => value !== null && value !== undefined);
  if (given.length !== 1)
    throw badInput('input.target', 'has exactly one of deviceIds, tag, siteId, organizationId, filter');
  const { deviceIds, tag, siteId, organizationId, filter } = target;
  if (deviceIds) return { deviceIds };
  if (tag) return { tags: [tag] };
  if (siteId) return { siteId };
  if (organizationId) return { organizationId };
  return filter ?? {};
}

/** The devices in sight that take commands; NOT_FOUND where one that is named is not there, PRECONDITION_FAILED for none at all. */
export async function readTarget(database: Database, viewer: Viewer, target: JobTargetInput): Promise<TargetDevice[]> {
  const rows = await database
    .fork()
    .createQueryBuilder(DeviceEntity, 'd')
    .select(['id', 'organizationId', 'status'])
    .where(whereOf(viewer, filterOf(target)) as never)
    .orderBy({ hostname: 'asc', id: 'asc' })
    .limit(MAX_DEVICES + 1)
    .execute<{ id: string; organization_id: string; status: string }[]>('all', false);
  if (rows.length > MAX_DEVICES) throw new AppError('LIMIT_EXCEEDED', `A job is for at most ${MAX_DEVICES} devices.`);
  const found = new Set(rows.map(({ id }) => id));
  const missing = (target.deviceIds ?? []).filter(id => !isId(id) || !found.has(id.toLowerCase()));
  if (missing.length > 0) throw new AppError('NOT_FOUND', `${missing.length} of the devices do not exist.`);
  const usable = rows.filter(({ status }) => status !== 'REVOKED' && status !== 'PENDING');
  if (usable.length === 0) throw new AppError('PRECONDITION_FAILED', 'No device of the target takes commands.');
  return usable.map(row => ({ id: row.id, organizationId: row.organization_id, isOnline: row.status === 'ONLINE' }));
}
