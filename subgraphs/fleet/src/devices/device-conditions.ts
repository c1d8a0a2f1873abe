import type { FilterQuery } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import { isId } from '@muster/kit/ids';
import type { DeviceRow } from './device.entity.ts';
import type { DeviceFilter } from './device.input.ts';

/** A condition on devices, for lists, snapshots and jobs alike. */
export type DeviceWhere = FilterQuery<DeviceRow>;

/** Devices that the filter means and the viewer may see. */
export function whereOf(viewer: Viewer, filter: DeviceFilter | null | undefined): DeviceWhere {
  return { $and: [scopeOf(viewer), ...conditionsOf(filter ?? {})] } as DeviceWhere;
}

/** Rows within the viewer's sight; an empty list of organizations is nothing. */
export function scopeOf(viewer: Viewer): { organizationId?: { $in: string[] } } {
  return viewer.scope.kind === 'ALL' ? {} : { organizationId: { $in: [...viewer.scope.ids] } };
}

const MAX_WORDS = 8;

function conditionsOf(filter: DeviceFilter): DeviceWhere[] {
  const { search, statuses, organizationId, siteId, deviceIds, tags, osFamilies, agentVersions, needsReboot } = filter;
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  const conditions: DeviceWhere[] = words.map(word => ({
    searchText: { $like: `%${word.replace(/[\\%_]/g, '\\$&')}%` },
  }));
  if (statuses) conditions.push({ status: { $in: statuses } });
  if (organizationId) conditions.push({ organizationId: knownId(organizationId) });
  if (siteId) conditions.push({ siteId: knownId(siteId) });
  if (deviceIds) conditions.push({ id: { $in: deviceIds.filter(isId) } });
  if (tags && tags.length > 0) conditions.push({ tags: { $contains: tags.map(tag => tag.trim().toLowerCase()) } });
  if (osFamilies) conditions.push({ osFamily: { $in: osFamilies } });
  if (agentVersions) conditions.push({ agentVersion: { $in: agentVersions } });
  if (needsReboot === true || needsReboot === false) conditions.push({ needsReboot });
  return conditions;
}

/** An id that is none matches nothing, as any other unknown id. */
const knownId = (id: string): string => (isId(id) ? id : '00000000-0000-0000-0000-000000000000');
