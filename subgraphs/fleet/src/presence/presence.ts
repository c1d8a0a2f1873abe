import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import type { DeviceStatusName } from '../devices/device.entity.ts';
import type { DeviceChangeKindName } from '../devices/device-change.ts';
import type { Events } from '../events.ts';

type Returned = { id: string; organization_id: string; site_id: string; status: DeviceStatusName; revision: string };

const RETURNING = 'returning id, organization_id, site_id, status, revision';
/** An agent that is away this long needs attention. */
const OVERDUE_AFTER = '24 hours';

/** The one owner of who is connected: an agent's open signal stream is its presence, and each change is pushed. */
export class Presence {
  readonly #database: Database;
  readonly #events: Events;
  /** Open streams per device: an agent may be back before its old socket is known to be dead. */
  readonly #streams = new Map<string, number>();

  /** Changes of presence that are being stored. */
  readonly #storing = new Set<Promise<unknown>>();

  constructor(database: Database, events: Events) {
    this.#database = database;
    this.#events = events;
  }

  /** Nobody is connected to a process that has just started. */
  async reset(): Promise<void> {
    await this.#change(
      `update device set status = case status when 'ONLINE' then 'OFFLINE' else status end, connected_at = null,
      revision = nextval('device_revision') where connected_at is not null ${RETURNING}`,
      [],
    );
  }

  /** The device's stream opened: it is online from here on. Throws FORBIDDEN where it is cut off. */
  async connect({ viewer, remoteAddress }: RequestContext): Promise<void> {
    this.#count(viewer.id, 1);
    const changed = await this.#change(
      `update device set status = case status when 'PENDING' then status else 'ONLINE' end, connected_at = now(), last_seen_at = now(),
      remote_address = $2, revision = nextval('device_revision') where id = $1 and status <> 'REVOKED' ${RETURNING}`,
      [viewer.id, remoteAddress ?? null],
    );
    if (changed > 0) return;
    this.#count(viewer.id, -1);
    throw new AppError('FORBIDDEN', 'This device is cut off.');
  }

  /** The device's stream closed; it is offline unless another one is open. */
  async disconnect(deviceId: string): Promise<void> {
    if (this.#count(deviceId, -1) > 0) return;
    await this.#change(
      `update device set status = case status when 'ONLINE' then 'OFFLINE' else status end, connected_at = null, last_seen_at = now(),
      revision = nextval('device_revision') where id = $1 and connected_at is not null ${RETURNING}`,
      [deviceId],
    );
  }

  /** Notes that the connected are still there, and who has been away for too long. */
  async sweep(): Promise<void> {
    const connected = [...this.#streams.keys()];
    await this.#database.pool.query('update device set last_seen_at = now() where id = any($1)', [connected]);
    await this.#change(
      `update device set status = 'OVERDUE', revision = nextval('device_revision')
      where status = 'OFFLINE' and last_seen_at < now() - interval '${OVERDUE_AFTER}' ${RETURNING}`,
      [],
    );
  }

  /** Resolves once no change of presence is being stored any more. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#storing);
  }

  #count(deviceId: string, by: number): number {
    const open = (this.#streams.get(deviceId) ?? 0) + by;
    if (open > 0) this.#streams.set(deviceId, open);
    else this.#streams.delete(deviceId);
    return open;
  }

  async #change(sql: string, values: unknown[]): Promise<number> {
    const query = this.#database.pool.query<Returned>(sql, values);
    this.#storing.add(query);
    const { rows } = await query.finally(() => this.#storing.delete(query));
    const kind: DeviceChangeKindName = 'PRESENCE';
    for (const row of rows)
      this.#events.deviceChanged({
        deviceId: row.id,
        organizationId: row.organization_id,
        siteId: row.site_id,
        kind,
        sequence: Number(row.revision),
      });
    return rows.length;
  }
}
