import type { Database } from '@muster/kit/database/database';
import type { DeviceChanged } from '../events.ts';

/** A change of presence that is stored. */
export type PresenceChange = Omit<DeviceChanged, 'kind'>;

/** What an agent said of itself, measured. */
export interface PresenceNews {
  readonly deviceId: string;
  readonly clockSkewSeconds: number;
  readonly bootedAt: Date | null;
  readonly agentVersion: string | null;
}

/** The devices that were written, and which of them are others than before. */
export interface Written {
  readonly ids: readonly string[];
  readonly changes: readonly PresenceChange[];
}

interface Row {
  readonly id: string;
  readonly organization_id: string;
  readonly site_id: string;
  readonly revision: string;
  readonly is_changed: boolean;
}

const RETURNING = 'returning d.id, d.organization_id, d.site_id, d.revision';
const MAX_VERSION = 64;
/** Less than this is no other start of the machine and no other clock. */
const PLAY_SECONDS = 5;

/** The statements of presence: each takes any number of devices, locked in the order of their ids. */
export class PresenceStore {
  readonly #database: Database;
  readonly #instanceId: string;

  constructor(database: Database, instanceId: string) {
    this.#database = database;
    this.#instanceId = instanceId;
  }

  /** Says that this process lives. */
  async sign(): Promise<void> {
    await this.#database.pool.query(
      'insert into instance (id) values ($1) on conflict (id) do update set seen_at = now()',
      [this.#instanceId],
    );
  }

  /** Says that this process lives no more. */
  async signOff(): Promise<void> {
    await this.#database.pool.query(`delete from instance where id = $1 or seen_at < now() - interval '1 day'`, [
      this.#instanceId,
    ]);
  }

  /** The devices are connected to this process; those that are cut off are left out. One that was online stays so in silence. */
  async connect(devices: readonly { id: string; remoteAddress: string | null }[]): Promise<Written> {
    if (devices.length === 0) return NOTHING;
    const { rows } = await this.#database.pool.query<Row>({
      name: 'presence-connect',
      text: `with n as (select * from unnest($1::uuid[], $2::text[]) as n (id, remote_address)),
        was as (select d.id, d.status, d.connected_at from device d join n on n.id = d.id where d.status <> 'REVOKED' order by d.id for update of d)
        update device d set status = case d.status when 'PENDING' then d.status else 'ONLINE' end, connected_at = now(), last_seen_at = now(),
          remote_address = n.remote_address, instance_id = $3, revision = case when was.status = 'ONLINE' then d.revision else nextval('device_revision') end
        from was join n on n.id = was.id where d.id = was.id ${RETURNING}, was.status <> 'ONLINE' as is_changed`,
      values: [devices.map(({ id }) => id), devices.map(one => one.remoteAddress), this.#instanceId],
    });
    return toWritten(rows);
  }

  /** The devices are connected to this process no more; those that another process has taken over stay with it. */
  async disconnect(ids: readonly string[]): Promise<readonly PresenceChange[]> {
    if (ids.length === 0) return [];
    const { rows } = await this.#database.pool.query<Row>({
      name: 'presence-disconnect',
      text: `with was as (select id from device where id = any($1) and instance_id = $2 and connected_at is not null order by id for update)
        update device d set status = case d.status when 'ONLINE' then 'OFFLINE' else d.status end, connected_at = null, last_seen_at = now(),
          revision = nextval('device_revision') from was where d.id = was.id ${RETURNING}, true as is_changed`,
      values: [ids, this.#instanceId],
    });
    return toWritten(rows).changes;
  }

  /** Stores what agents said of themselves. */
  async note(news: readonly PresenceNews[]): Promise<Written> {
    const { rows } = await this.#database.pool.query<Row>({
      name: 'presence-note',
      text: `with n as (select * from unnest($1::uuid[], $2::float8[], $3::timestamptz[], $4::text[]) as n (id, skew, booted_at, version)),
        was as (select d.id, coalesce(abs(n.skew - d.clock_skew_seconds) > ${PLAY_SECONDS}, true)
            or coalesce(abs(extract(epoch from n.booted_at - d.booted_at)) > ${PLAY_SECONDS}, n.booted_at is not null)
            or coalesce(n.version <> d.agent_version, false) as is_changed
          from device d join n on n.id = d.id where d.status <> 'REVOKED' order by d.id for update of d)
        update device d set last_seen_at = now(), clock_skew_seconds = n.skew, booted_at = coalesce(n.booted_at, d.booted_at),
          agent_version = coalesce(n.version, d.agent_version), revision = case when was.is_changed then nextval('device_revision') else d.revision end
        from was join n on n.id = was.id where d.id = was.id ${RETURNING}, was.is_changed`,
      values: [
        news.map(one => one.deviceId),
        news.map(one => one.clockSkewSeconds),
        news.map(one => one.bootedAt),
        news.map(one => one.agentVersion?.replaceAll('\0', '').slice(0, MAX_VERSION) ?? null),
      ],
    });
    return toWritten(rows);
  }

  /** Notes that the devices are still there. */
  async sight(ids: readonly string[]): Promise<void> {
    if (ids.length > 0)
      await this.#database.pool.query('update device set last_seen_at = now() where id = any($1)', [ids]);
  }

  /** Parts with the agents of processes that have not signed for this long. */
  async releaseOrphans(graceSeconds: number): Promise<readonly PresenceChange[]> {
    const { rows } = await this.#database.pool.query<Row>(
      `with was as (select id from device where connected_at is not null and not exists
          (select 1 from instance i where i.id = device.instance_id and i.seen_at > now() - make_interval(secs => $1)) order by id for update skip locked)
        update device d set status = case d.status when 'ONLINE' then 'OFFLINE' else d.status end, connected_at = null,
          revision = nextval('device_revision') from was where d.id = was.id ${RETURNING}, true as is_changed`,
      [graceSeconds],
    );
    return toWritten(rows).changes;
  }

  /** Marks who has been away for this long. */
  async markOverdue(seconds: number): Promise<readonly PresenceChange[]> {
    const { rows } = await this.#database.pool.query<Row>(
      `with was as (select id from device where status = 'OFFLINE' and last_seen_at < now() - make_interval(secs => $1) order by id for update skip locked)
        update device d set status = 'OVERDUE', revision = nextval('device_revision') from was where d.id = was.id ${RETURNING}, true as is_changed`,
      [seconds],
    );
    return toWritten(rows).changes;
  }
}

const NOTHING: Written = { ids: [], changes: [] };

function toWritten(rows: readonly Row[]): Written {
  const changed = rows.filter(row => row.is_changed);
  return {
    ids: rows.map(({ id }) => id),
    changes: changed.map(({ id, organization_id, site_id, revision }) => ({
      deviceId: id,
      organizationId: organization_id,
      siteId: site_id,
      sequence: Number(revision),
    })),
  };
}
