import type { Database } from '@muster/kit/database/database';
import { inTransaction } from '@muster/kit/database/transaction';
import { GroupedWork } from '@muster/kit/grouped-work';
import type { SecretBox } from '@muster/kit/secret-box';
import type pg from 'pg';
import type { Events } from '../events.ts';
import type { ServerKey } from '../identity/server-key.ts';
import type { LeasedCommand } from './agent-operations.ts';
import type { StoredSpec } from './command.entity.ts';
import { signOrder } from './envelope.ts';

/** How long an order may be on its way before it is given out again. */
export const LEASE_SECONDS = 30;
/** How long a running command may be silent before it counts as lost. */
export const RENEWAL_SECONDS = 60;
const MAX_LEASED = 64;
const MAX_BATCH = 2_000;
const MAX_WAITING = 50_000;

/** What leasing stands on. */
export interface LeaseParts {
  readonly database: Database;
  readonly events: Events;
  readonly serverKey: ServerKey;
  readonly box: SecretBox;
}

interface Wish {
  readonly deviceId: string;
  readonly max: number;
}

interface LeasedRow {
  readonly id: string;
  readonly device_id: string;
  readonly organization_id: string;
  readonly job_id: string | null;
  readonly spec: StoredSpec;
  readonly environment: Buffer;
  readonly expires_at: Date;
}

// The commands of a job have their orders in the job.
const LEASE = `update command c set status = 'LEASED', lease_until = now() + interval '${LEASE_SECONDS} seconds', attempt = attempt + 1`;
const ORDERS = `select l.id, l.device_id, l.organization_id, l.job_id, l.expires_at, coalesce(l.spec, j.spec) as spec,
  coalesce(l.environment, j.environment) as environment from leased l left join job j on j.id = l.job_id order by l.id`;

/** Gives devices their oldest waiting commands, signed, for 30 s; all devices that ask in one turn share the statements. */
export class Leases {
  readonly #parts: LeaseParts;
  readonly #work: GroupedWork<Wish, LeasedRow[]>;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    this.#work = new GroupedWork({
      work: wishes => this.#lease(wishes),
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING,
    });
  }

  /** The device's orders; nothing for a device that is cut off or not approved. */
  async lease(deviceId: string, max: number): Promise<LeasedCommand[]> {
    const rows = await this.#work.do({ deviceId, max: Math.min(Math.max(max, 1), MAX_LEASED) });
    return rows.map(row => this.#sign(row));
  }

  async #lease(wishes: readonly Wish[]): Promise<LeasedRow[][]> {
    // a device that asks twice at once is answered once
    const byDevice = new Map(wishes.map(wish => [wish.deviceId, wish.max]));
    const { pool } = this.#parts.database;
    const values = [[...byDevice.keys()], [...byDevice.values()]];
    const { rows } = await pool.query<LeasedRow>({ name: 'lease-commands', text: LEASE_FREE, values });
    rows.push(...(await this.#leaseLimited([...byDevice.keys()])));
    for (const { id, device_id, organization_id, job_id } of rows)
      this.#parts.events.commandChanged({
        commandId: id,
        deviceId: device_id,
        organizationId: organization_id,
        jobId: job_id,
      });
    const leased = Map.groupBy(rows, row => row.device_id);
    return wishes.map(({ deviceId }) => {
      const own = leased.get(deviceId) ?? [];
      leased.delete(deviceId);
      return own;
    });
  }

  /** Commands of jobs that run on some devices at a time: the job's row decides who is next, in any number of processes. */
  async #leaseLimited(deviceIds: readonly string[]): Promise<LeasedRow[]> {
    const { pool } = this.#parts.database;
    const { rows: jobs } = await pool.query<{ job_id: string }>({
      name: 'lease-limited-jobs',
      text: `select distinct job_id from command where device_id = any($1) and status = 'QUEUED' and is_limited and expires_at > now()`,
      values: [deviceIds],
    });
    if (jobs.length === 0) return [];
    const jobIds = jobs.map(job => job.job_id);
    return inTransaction(pool, async (client: pg.PoolClient) => {
      await client.query('select id from job where id = any($1) order by id for update', [jobIds]);
      return (await client.query<LeasedRow>(LEASE_LIMITED, [jobIds, deviceIds])).rows;
    });
  }

  #sign(row: LeasedRow): LeasedCommand {
    const { box, serverKey } = this.#parts;
    const environment = JSON.parse(box.open(row.environment)) as { name: string; value: string }[];
    const { id, device_id: deviceId, spec, expires_at: expiresAt } = row;
    return { id, ...signOrder(serverKey, { commandId: id, deviceId, spec, environment, expiresAt }) };
  }
}

const LEASE_FREE = `with leased as (${LEASE} from (
    select q.id from unnest($1::uuid[], $2::int[]) as w (device_id, most)
      join device d on d.id = w.device_id and d.status not in ('REVOKED', 'PENDING')
      cross join lateral (select id from command where device_id = w.device_id and status = 'QUEUED' and not is_limited and expires_at > now()
        order by id limit w.most for update skip locked) q
    ) n where c.id = n.id returning c.*) ${ORDERS}`;

const LEASE_LIMITED = `with slots as (select j.id, j.concurrency - (select count(*) from command a where a.job_id = j.id and a.status in ('LEASED', 'RUNNING')) as free
      from job j where j.id = any($1)),
    ranked as (select c.id, s.free, row_number() over (partition by c.job_id order by c.id) as place from slots s
      join command c on c.job_id = s.id and c.device_id = any($2) and c.status = 'QUEUED' and c.expires_at > now()
      join device d on d.id = c.device_id and d.status not in ('REVOKED', 'PENDING')),
    leased as (${LEASE} from ranked r where c.id = r.id and r.place <= r.free and c.status = 'QUEUED' returning c.*) ${ORDERS}`;
