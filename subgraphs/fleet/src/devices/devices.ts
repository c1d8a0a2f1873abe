import { LockMode } from '@mikro-orm/core';
import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import { type Connection, MAX_PAGE_SIZE, pageSize } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId } from '@muster/kit/ids';
import type { Events } from '../events.ts';
import { DeviceEntity, type DeviceRow } from './device.entity.ts';
import type { DeviceFilter, DeviceOrder, DeviceOrderFieldName } from './device.input.ts';
import type { DeviceChangeKindName } from './device-change.ts';

type Where = FilterQuery<DeviceRow>;

/** Which page of which devices. */
export interface DevicePage {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly filter?: DeviceFilter | null | undefined;
  readonly orderBy?: DeviceOrder | null | undefined;
}

const COLUMNS = {
  HOSTNAME: 'hostname',
  STATUS: 'status',
  LAST_SEEN_AT: 'lastSeenAt',
  ENROLLED_AT: 'enrolledAt',
} as const satisfies Record<DeviceOrderFieldName, keyof DeviceRow>;

/** The rules of the fleet's machines: who sees them, what changes them; every change is told after its commit. */
export class Devices {
  readonly #database: Database;
  readonly #events: Events;

  constructor(database: Database, events: Events) {
    this.#database = database;
    this.#events = events;
  }

  /** The device, or null where it does not exist or is out of the viewer's sight. */
  async find(viewer: Viewer, id: string): Promise<DeviceRow | null> {
    if (!isId(id)) return null;
    const device = await this.#database.fork().findOne(DeviceEntity, { id });
    return device && maySeeOrganization(viewer, device.organizationId) ? device : null;
  }

  /** The device, or NOT_FOUND. */
  async require(viewer: Viewer, id: string): Promise<DeviceRow> {
    const device = await this.find(viewer, id);
    if (!device) throw new AppError('NOT_FOUND', 'There is no such device.');
    return device;
  }

  /** The devices of the ids in their order, null where one is unknown or out of sight; one statement for all. */
  async findMany(viewer: Viewer, ids: readonly string[]): Promise<(DeviceRow | null)[]> {
    const known = ids.filter(isId);
    const rows = await this.#database.fork().find(DeviceEntity, { $and: [{ id: { $in: known } }, scopeOf(viewer)] });
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.map(id => byId.get(id) ?? null);
  }

  /** A page of what the viewer may see. */
  async page(viewer: Viewer, page: DevicePage): Promise<Connection<DeviceRow>> {
    const first = Math.min(pageSize(page.first), MAX_PAGE_SIZE);
    const direction = page.orderBy?.direction === 'DESC' ? 'desc' : 'asc';
    const orderBy = { [COLUMNS[page.orderBy?.field ?? 'HOSTNAME']]: direction, id: 'asc' } as const;
    const where = { $and: [scopeOf(viewer), ...conditionsOf(page.filter)] } as Where;
    const cursor = await this.#database
      .fork()
      .findByCursor(DeviceEntity, {
        where,
        first,
        orderBy: orderBy as never,
        includeCount: true,
        ...(page.after ? { after: page.after } : {}),
      })
      .catch(error => {
        throw page.after && /cursor/i.test(String(error)) ? badInput('after', 'is not a cursor of this list') : error;
      });
    const edges = cursor.items.map(node => ({ node, cursor: cursor.from(node) }));
    const { hasNextPage, hasPrevPage: hasPreviousPage, startCursor, endCursor, totalCount = 0 } = cursor;
    return {
      edges,
      nodes: cursor.items,
      totalCount,
      pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor },
    };
  }

  /** Cuts the device off for good: its key is refused from now on and its agent is told. */
  async revoke(context: RequestContext, id: string): Promise<DeviceRow> {
    const device = await this.#change(context, id, {
      action: 'device.revoked',
      kind: 'REVOKED',
      set: row => Object.assign(row, { status: 'REVOKED', connectedAt: null }),
    });
    this.#events.signal(device.id, { kind: 'REVOKED', commandId: null });
    return device;
  }

  /** Lets in a device that waits for approval. */
  approve(context: RequestContext, id: string): Promise<DeviceRow> {
    return this.#change(context, id, {
      action: 'device.approved',
      kind: 'UPDATED',
      set: row => {
        if (row.status !== 'PENDING')
          throw new AppError('PRECONDITION_FAILED', 'Only a device that waits for approval can be approved.');
        row.status = row.connectedAt ? 'ONLINE' : 'OFFLINE';
      },
    });
  }

  async #change(
    context: RequestContext,
    id: string,
    change: { action: string; kind: DeviceChangeKindName; set: (row: DeviceRow) => void },
  ): Promise<DeviceRow> {
    await this.require(context.viewer, id);
    const device = await this.#database.fork().transactional(async em => {
      const row = await em.findOneOrFail(DeviceEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      change.set(row);
      row.revision = await nextRevision(em);
      await em.flush();
      await audit(em, context, {
        action: change.action,
        organizationId: row.organizationId,
        target: { type: 'Device', id },
      });
      return row;
    });
    this.#events.deviceChanged(toEvent(device, change.kind));
    return device;
  }
}

/** The next number in the order of all changes of devices. */
export async function nextRevision(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ revision: string }[]>(`select nextval('device_revision') as revision`);
  return Number(row?.revision);
}

/** The event that tells of a stored change. */
export function toEvent(device: DeviceRow, kind: DeviceChangeKindName) {
  return {
    deviceId: device.id,
    organizationId: device.organizationId,
    siteId: device.siteId,
    kind,
    sequence: device.revision,
  };
}

/** Rows within the viewer's sight; an empty list of organizations is nothing. */
export function scopeOf(viewer: Viewer): { organizationId?: { $in: string[] } } {
  return viewer.scope.kind === 'ALL' ? {} : { organizationId: { $in: [...viewer.scope.ids] } };
}

function conditionsOf(filter: DeviceFilter | null | undefined): Where[] {
  const { search, statuses, organizationId, siteId, deviceIds } = filter ?? {};
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
  const conditions: Where[] = words.map(word => ({ searchText: { $like: `%${word.replace(/[\\%_]/g, '\\$&')}%` } }));
  if (statuses) conditions.push({ status: { $in: statuses } });
  if (organizationId) conditions.push({ organizationId: knownId(organizationId) });
  if (siteId) conditions.push({ siteId: knownId(siteId) });
  if (deviceIds) conditions.push({ id: { $in: deviceIds.filter(isId) } });
  return conditions;
}

/** An id that is none matches nothing, as any other unknown id. */
const knownId = (id: string): string => (isId(id) ? id : '00000000-0000-0000-0000-000000000000');
