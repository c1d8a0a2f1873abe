import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import {
  type Connection,
  decodeCursor,
  encodeCursor,
  type PageArguments,
  pageSize,
  toConnection,
} from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import type { SecretBox } from '@muster/kit/secret-box';
import DataLoader from 'dataloader';
import type { StoredSpec } from '../commands/command.entity.ts';
import { hashOrders, type Orders, parseOrders } from '../commands/command-request.ts';
import { scopeOf } from '../devices/device-conditions.ts';
import type { Events } from '../events.ts';
import type { Scripts } from '../scripts/scripts.ts';
import { cancelCommandsOf } from './cancel-job.ts';
import { JobEntity, type JobRow } from './job.entity.ts';
import type { RunJobInput } from './job.input.ts';
import type { JobStatusCount } from './job.ts';
import { readTarget, type TargetDevice } from './job-target.ts';

const MAX_CONCURRENCY = 10_000;

/** What the rules of jobs stand on. */
export interface JobParts {
  readonly database: Database;
  readonly events: Events;
  readonly box: SecretBox;
  readonly scripts: Scripts;
}

interface JobRequest {
  readonly orders: Orders;
  readonly hash: Buffer;
  readonly concurrency: number | null;
  readonly devices: readonly TargetDevice[];
}

/** The rules of jobs: one transaction stores the job, its audit rows and a command for each device, whatever their number. */
export class Jobs {
  readonly #parts: JobParts;
  readonly #loader: DataLoader<string, JobRow | null>;

  constructor(parts: JobParts) {
    this.#parts = parts;
    this.#loader = new DataLoader(ids => this.#readMany(ids), { cache: false });
  }

  /** The job, or null where it does not exist or none of its organizations is in the viewer's sight. */
  async find(viewer: Viewer, id: string): Promise<JobRow | null> {
    const job = isId(id) ? await this.#loader.load(id.toLowerCase()) : null;
    return job && isInSight(viewer, job) ? job : null;
  }

  /** What the commands of the job run; whoever sees a command may see its orders. */
  async ordersOf(id: string): Promise<StoredSpec | undefined> {
    return (await this.#loader.load(id))?.spec;
  }

  /** Jobs that the viewer may see, newest first. */
  async page(viewer: Viewer, page: PageArguments): Promise<Connection<JobRow>> {
    const size = pageSize(page.first);
    const [before] = page.after ? decodeCursor(page.after, 1) : [];
    if (page.after && !isId(String(before))) throw badInput('after', 'is not a cursor of this list');
    const em = this.#parts.database.fork();
    const where = viewer.scope.kind === 'ALL' ? {} : { organizationIds: { $overlap: [...viewer.scope.ids] } };
    const older = page.after ? { id: { $lt: String(before) } } : {};
    const rows = await em.find(JobEntity, { $and: [where, older] }, { orderBy: { id: 'desc' }, limit: size + 1 });
    const totalCount = await em.count(JobEntity, where);
    const isAfter = Boolean(page.after);
    return toConnection(rows, size, { cursorOf: row => encodeCursor([row.id]), totalCount, isAfter });
  }

  /** How many of the job's commands that the viewer may see are in which state. */
  async statusCounts(viewer: Viewer, jobId: string): Promise<JobStatusCount[]> {
    const { organizationId } = scopeOf(viewer);
    const { rows } = await this.#parts.database.pool.query<JobStatusCount>({
      name: 'job-status-counts',
      text: `select status, count(*)::int as count from command
        where job_id = $1 and ($2::uuid[] is null or organization_id = any($2)) group by status order by status`,
      values: [jobId, organizationId?.$in ?? null],
    });
    return rows;
  }

  /** Stores the job and wakes its devices; the same key from the same caller answers the job it made. */
  async run(context: RequestContext, input: RunJobInput): Promise<JobRow> {
    const { database, scripts } = this.#parts;
    const orders = parseOrders(input, await scripts.textFor(context, input));
    const concurrency = parseConcurrency(input.concurrency);
    const hash = hashOrders([input.target, concurrency], orders);
    const earlier = await this.#earlier(context, orders.requestKey, hash);
    if (earlier) return earlier;
    const devices = await readTarget(database, context.viewer, input.target);
    const request: JobRequest = { orders, hash, concurrency, devices };
    const job = await database.fork().transactional(em => this.#store(em, context, request));
    if (!job) return (await this.#earlier(context, orders.requestKey, hash)) ?? lostRace();
    const awake = devices.filter(device => device.isOnline).slice(0, concurrency ?? devices.length);
    for (const { id } of awake) this.#parts.events.signal(id, { kind: 'COMMANDS_WAITING', commandId: null });
    return job;
  }

  /** Ends what waits at once and asks devices to end what they hold, within the viewer's sight. */
  async cancel(context: RequestContext, id: string): Promise<JobRow> {
    const job = await this.find(context.viewer, id);
    if (!job) throw new AppError('NOT_FOUND', 'There is no such job.');
    const cancelled = await this.#parts.database.fork().transactional(async em => {
      const rows = await cancelCommandsOf(em, job.id, scopeOf(context.viewer).organizationId?.$in ?? null);
      await auditForEach(em, context, { action: 'job.cancelled', job });
      return rows;
    });
    for (const { event, isHeld } of cancelled) {
      this.#parts.events.commandChanged(event);
      if (isHeld) this.#parts.events.signal(event.deviceId, { kind: 'CANCEL', commandId: event.commandId });
    }
    return job;
  }

  async #earlier({ viewer }: RequestContext, requestKey: string, hash: Buffer): Promise<JobRow | null> {
    const requester = { requesterKind: viewer.kind, requesterId: viewer.id, requestKey };
    const job = await this.#parts.database.fork().findOne(JobEntity, requester);
    if (job && !hash.equals(job.requestHash))
      throw new AppError('CONFLICT', 'This requestKey already stands for another job.');
    return job;
  }

  /** The stored job, or null where another call with the same key was faster. */
  async #store(em: EntityManager, context: RequestContext, request: JobRequest): Promise<JobRow | null> {
    const { viewer } = context;
    const { orders, hash, concurrency, devices } = request;
    const id = newId();
    const organizationIds = [...new Set(devices.map(device => device.organizationId))];
    const made = await em.execute<{ id: string }[]>(
      `insert into job (id, organization_ids, requester_kind, requester_id, requester_name, request_key, request_hash, spec, environment, device_count, concurrency, expires_at)
        values (?, (select array_agg(value::uuid) from jsonb_array_elements_text(?::jsonb)), ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, now() + make_interval(secs => ?))
        on conflict (requester_kind, requester_id, request_key) do nothing returning id`,
      [
        id,
        JSON.stringify(organizationIds),
        viewer.kind,
        viewer.id,
        viewer.name,
        orders.requestKey,
        hash,
        JSON.stringify(orders.spec),
        this.#parts.box.seal(JSON.stringify(orders.environment)),
        devices.length,
        concurrency,
        orders.expiresInSeconds,
      ],
    );
    if (made.length === 0) return null;
    await em.execute(
      `insert into command (id, organization_id, device_id, job_id, requester_kind, requester_id, requester_name, timeout_seconds, is_limited, expires_at)
        select n.id, n.organization_id, n.device_id, j.id, j.requester_kind, j.requester_id, j.requester_name, (j.spec->>'timeoutSeconds')::int, j.concurrency is not null, j.expires_at
        from jsonb_to_recordset(?::jsonb) as n (id uuid, organization_id uuid, device_id uuid), job j where j.id = ?`,
      [JSON.stringify(devices.map(toCommand)), id],
    );
    const job = await em.findOneOrFail(JobEntity, { id });
    await auditForEach(em, context, { action: 'job.requested', job });
    return job;
  }

  async #readMany(ids: readonly string[]): Promise<(JobRow | null)[]> {
    const rows = await this.#parts.database.fork().find(JobEntity, { id: { $in: [...new Set(ids)] } });
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.map(id => byId.get(id) ?? null);
  }
}

const toCommand = ({ id, organizationId }: TargetDevice) => ({
  id: newId(),
  organization_id: organizationId,
  device_id: id,
});

function isInSight({ scope }: Viewer, { organizationIds }: JobRow): boolean {
  return scope.kind === 'ALL' || organizationIds.some(id => scope.ids.includes(id));
}

/** Every organization that a job touches finds it in its own trail. */
async function auditForEach(
  em: EntityManager,
  context: RequestContext,
  { action, job }: { action: string; job: JobRow },
): Promise<void> {
  const { spec, requestHash, deviceCount, concurrency } = job;
  const details = { shell: spec.shell, requestHash: requestHash.toString('hex'), deviceCount, concurrency };
  for (const organizationId of job.organizationIds)
    await audit(em, context, { action, organizationId, target: { type: 'Job', id: job.id }, details });
}

function parseConcurrency(wished: number | null | undefined): number | null {
  if (wished === null || wished === undefined) return null;
  if (wished < 1 || wished > MAX_CONCURRENCY)
    throw badInput('input.concurrency', `is between 1 and ${MAX_CONCURRENCY}`);
  return wished;
}

function lostRace(): never {
  throw new AppError('CONFLICT', 'Another call with this requestKey is being stored; try again.');
}
