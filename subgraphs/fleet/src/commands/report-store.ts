import type pg from 'pg';
import type { CommandStatusName } from './command.entity.ts';
import { RENEWAL_SECONDS } from './leases.ts';
import type { ReportedState, ReportOutcome } from './report-rules.ts';

/** A command's state with whose it is. */
export interface StoredState extends ReportedState {
  readonly deviceId: string;
  readonly organizationId: string;
  readonly jobId: string | null;
  /** True where its job runs on some devices at a time. */
  readonly isLimited: boolean;
}

interface StateRow {
  readonly id: string;
  readonly device_id: string;
  readonly organization_id: string;
  readonly job_id: string | null;
  readonly is_limited: boolean;
  readonly is_presumed: boolean;
  readonly status: CommandStatusName;
  readonly queued_at: Date;
  readonly started_at: Date | null;
  readonly output_bytes: string;
  readonly stored_bytes: string;
  readonly is_output_truncated: boolean;
  readonly last_sequence: number;
  readonly finished_at: Date | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
}

/** Locks the commands in the order of their ids and reads their states; those of devices that are cut off are left out. */
export async function readStates(client: pg.PoolClient, ids: readonly string[]): Promise<Map<string, StoredState>> {
  const { rows } = await client.query<StateRow>({
    name: 'report-states',
    text: `select c.id, c.device_id, c.organization_id, c.job_id, c.is_limited, c.is_presumed, c.status, c.queued_at, c.started_at, c.output_bytes, c.stored_bytes, c.is_output_truncated,
        c.last_sequence, c.finished_at, c.exit_code, c.signal, c.reason
      from command c join device d on d.id = c.device_id where c.id = any($1) and d.status <> 'REVOKED' order by c.id for update of c`,
    values: [ids],
  });
  return new Map(rows.map(row => [row.id, toState(row)]));
}

/** Writes all new chunks and all new states with two statements. */
export async function writeOutcomes(
  client: pg.PoolClient,
  outcomes: ReadonlyMap<string, ReportOutcome>,
): Promise<void> {
  const chunks = [...outcomes].flatMap(([commandId, outcome]) =>
    outcome.chunks.map(chunk => ({ commandId, ...chunk })),
  );
  if (chunks.length > 0) {
    await client.query({
      name: 'report-chunks',
      text: `insert into command_output (command_id, sequence, stream, at, data)
        select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::bytea[]) on conflict do nothing`,
      values: [
        chunks.map(one => one.commandId),
        chunks.map(one => one.sequence),
        chunks.map(one => one.stream),
        chunks.map(one => one.at),
        chunks.map(one => Buffer.from(one.text)),
      ],
    });
  }
  if (outcomes.size === 0) return;
  const states = [...outcomes].map(([id, { state }]) => ({ id, ...state }));
  const column = <K extends keyof (typeof states)[number]>(name: K) => states.map(state => state[name]);
  await client.query({
    name: 'report-write',
    text: `update command c set status = n.status, started_at = n.started_at, finished_at = n.finished_at, exit_code = n.exit_code, signal = n.signal,
        reason = n.reason, output_bytes = n.output_bytes, stored_bytes = n.stored_bytes, is_output_truncated = n.is_output_truncated, last_sequence = n.last_sequence, is_presumed = n.is_presumed,
        lease_until = case when n.status = 'RUNNING' then now() + interval '${RENEWAL_SECONDS} seconds' when n.status = 'LEASED' then c.lease_until end
      from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::boolean[], $11::int[], $12::boolean[])
        as n (id, status, started_at, finished_at, exit_code, signal, reason, output_bytes, stored_bytes, is_output_truncated, last_sequence, is_presumed)
      where c.id = n.id`,
    values: [
      column('id'),
      column('status'),
      column('startedAt'),
      column('finishedAt'),
      column('exitCode'),
      column('signal'),
      column('reason'),
      column('outputBytes'),
      column('storedBytes'),
      column('isOutputTruncated'),
      column('lastSequence'),
      column('isPresumed'),
    ],
  });
}

function toState(row: StateRow): StoredState {
  return {
    deviceId: row.device_id,
    organizationId: row.organization_id,
    jobId: row.job_id,
    isLimited: row.is_limited,
    isPresumed: row.is_presumed,
    status: row.status,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    exitCode: row.exit_code,
    signal: row.signal,
    reason: row.reason,
    outputBytes: Number(row.output_bytes),
    storedBytes: Number(row.stored_bytes),
    isOutputTruncated: row.is_output_truncated,
    lastSequence: row.last_sequence,
  };
}
