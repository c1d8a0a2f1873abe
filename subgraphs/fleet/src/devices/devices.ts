import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import { type Connection, pageSize } from '@muster/kit/connection';
import type { Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId } from '@muster/kit/ids';
import DataLoader from 'dataloader';
import { DeviceEntity, type DeviceRow } from './device.entity.ts';
import type { DeviceFilter, DeviceOrder, DeviceOrderFieldName } from './device.input.ts';
import { whereOf } from './device-conditions.ts';

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
  SITE: 'siteId',
  OS: 'osName',
  LAST_SEEN_AT: 'lastSeenAt',
  ENROLLED_AT: 'enrolledAt',
} as const satisfies Record<DeviceOrderFieldName, keyof DeviceRow>;

const MAX_PENDING = 500;
/** Most devices that one replay of changes answers. */
const MAX_REPLAYED = 10_000;

/** The fleet's machines as each viewer may see them. */
export class Devices {
  readonly #database: Database;
  readonly #loader: DataLoader<string, DeviceRow | null>;

  constructor(database: Database) {
    this.#database = database;
    // batches only: a cache would show a subscription yesterday's device
    this.#loader = new DataLoader(ids => this.#readMany(ids), { cache: false, maxBatchSize: 1_000 });
  }

  /** The device, or null where it does not exist or is out of the viewer's sight; look-ups of one turn share a statement. */
  async find(viewer: Viewer, id: string): Promise<DeviceRow | null> {
    if (!isId(id)) return null;
    const device = await this.#loader.load(id.toLowerCase());
    return device && maySeeOrganization(viewer, device.organizationId) ? device : null;
  }

  /** The device, or NOT_FOUND. */
  async require(viewer: Viewer, id: string): Promise<DeviceRow> {
    const device = await this.find(viewer, id);
    if (!device) throw new AppError('NOT_FOUND', 'There is no such device.');
    return device;
  }

  /** A page of what the viewer may see. */
  async page(viewer: Viewer, page: DevicePage): Promise<Connection<DeviceRow>> {
    const direction = page.orderBy?.direction === 'DESC' ? 'desc' : 'asc';
    const orderBy = { [COLUMNS[page.orderBy?.field ?? 'HOSTNAME']]: direction, id: 'asc' } as const;
    const cursor = await this.#database
      .fork()
      .findByCursor(DeviceEntity, {
        where: whereOf(viewer, page.filter),
        first: pageSize(page.first),
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

  /** Devices in sight that wait for approval, longest waiting first. */
  pending(viewer: Viewer): Promise<DeviceRow[]> {
    const where = whereOf(viewer, { statuses: ['PENDING'] });
    return this.#database
      .fork()
      .find(DeviceEntity, where as never, { orderBy: { enrolledAt: 'asc' }, limit: MAX_PENDING });
  }

  /** Devices in sight that have changed after the revision, in the order of their last changes. */
  changedAfter(request: { viewer: Viewer; filter: DeviceFilter | null; revision: number }): Promise<DeviceRow[]> {
    const where = { $and: [whereOf(request.viewer, request.filter), { revision: { $gt: request.revision } }] };
    return this.#database
      .fork()
      .find(DeviceEntity, where as never, { orderBy: { revision: 'asc' }, limit: MAX_REPLAYED });
  }

  async #readMany(ids: readonly string[]): Promise<(DeviceRow | null)[]> {
    const rows = await this.#database.fork().find(DeviceEntity, { id: { $in: [...new Set(ids)] } });
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.map(id => byId.get(id) ?? null);
  }
}
