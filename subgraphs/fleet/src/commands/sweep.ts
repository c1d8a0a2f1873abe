import type { Database } from '@muster/kit/database/database';
import type { Events } from '../events.ts';
import { wakeNext } from '../jobs/wake-next.ts';

interface Swept {
  readonly id: string;
  readonly device_id: string;
  readonly organization_id: string;
  readonly job_id: string | null;
  readonly is_limited: boolean;
  readonly status: string;
}

const RETURNING = 'returning id, device_id, organization_id, job_id, is_limited, status';
const BATCH = 'for update skip locked limit 1000';
/** A connected agent that says nothing about a running command for this long does not have it. */
const SILENCE = `interval '2 minutes'`;
/** A device that is away may still bring the end of its command this long after the command's time. */
const PATIENCE = `interval '5 minutes'`;

// Each statement is conditional on the state it leaves, so any number of processes may sweep. Ends that are presumed
// here are corrected by a report that comes after all.
const STATEMENTS = [
  `update command set status = 'EXPIRED', finished_at = now(), reason = 'the device did not fetch it in time'
    where id in (select id from command where status = 'QUEUED' and expires_at < now() ${BATCH}) ${RETURNING}`,
  `update command set status = case when cancel_requested_at is null then 'QUEUED' else 'CANCELLED' end, lease_until = null,
      finished_at = case when cancel_requested_at is null then null else now() end,
      reason = case when cancel_requested_at is null then null else 'cancelled before it was started' end
    where id in (select id from command where status = 'LEASED' and lease_until < now() ${BATCH}) ${RETURNING}`,
  `update command set status = 'LOST', is_presumed = true, finished_at = now(), lease_until = null, reason = 'the device stopped reporting on it'
    where id in (select c.id from command c join device d on d.id = c.device_id where c.status = 'RUNNING' and c.lease_until < now()
      and d.status = 'ONLINE' and d.connected_at < now() - ${SILENCE} for update of c skip locked limit 1000) ${RETURNING}`,
  // an agent that is away goes on with its command, but not for longer than the command may take
  `update command set status = 'TIMED_OUT', is_presumed = true, finished_at = now(), lease_until = null, reason = 'the device did not report its end in time'
    where id in (select id from command where status = 'RUNNING' and lease_until < now()
      and now() > started_at + make_interval(secs => timeout_seconds) + ${PATIENCE} ${BATCH}) ${RETURNING}`,
];

/** Moves on commands that time has overtaken: expired, given out again, lost, timed out. */
export async function sweepCommands(database: Database, events: Events): Promise<void> {
  const withRoom: string[] = [];
  for (const statement of STATEMENTS) {
    const { rows } = await database.pool.query<Swept>(statement);
    for (const row of rows) {
      const { id, device_id: deviceId, organization_id: organizationId, job_id: jobId, status } = row;
      events.commandChanged({ commandId: id, deviceId, organizationId, jobId });
      if (status === 'QUEUED') events.signal(deviceId, { kind: 'COMMANDS_WAITING', commandId: null });
      if (jobId && row.is_limited) withRoom.push(jobId);
    }
  }
  await wakeNext(database, events, withRoom);
}
