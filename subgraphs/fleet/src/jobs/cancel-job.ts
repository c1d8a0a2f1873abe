import type { EntityManager } from '@mikro-orm/postgresql';
import type { CommandChanged } from '../events.ts';

/** A command that was ended, or whose device has to end it. */
export interface CancelledCommand {
  readonly event: CommandChanged;
  /** True where a device holds it and has to be told. */
  readonly isHeld: boolean;
}

interface Row {
  readonly id: string;
  readonly device_id: string;
  readonly organization_id: string;
  readonly job_id: string;
  readonly status: string;
}

/** Ends every waiting command of the job and notes the wish on those that devices hold; of the given organizations, or all. */
export async function cancelCommandsOf(
  em: EntityManager,
  jobId: string,
  organizationIds: readonly string[] | null,
): Promise<CancelledCommand[]> {
  const rows = await em.execute<Row[]>(
    `with live as (select id from command where job_id = ? and status in ('QUEUED', 'LEASED', 'RUNNING')
        and (? or organization_id in (select value::uuid from jsonb_array_elements_text(?::jsonb))) order by id for update)
      update command c set cancel_requested_at = coalesce(c.cancel_requested_at, now()),
        status = case c.status when 'QUEUED' then 'CANCELLED' else c.status end,
        finished_at = case c.status when 'QUEUED' then now() else c.finished_at end,
        reason = case c.status when 'QUEUED' then 'cancelled before it was started' else c.reason end
      from live where c.id = live.id returning c.id, c.device_id, c.organization_id, c.job_id, c.status`,
    [jobId, organizationIds === null, JSON.stringify(organizationIds ?? [])],
  );
  return rows.map(({ id, device_id, organization_id, job_id, status }) => ({
    event: { commandId: id, deviceId: device_id, organizationId: organization_id, jobId: job_id },
    isHeld: status !== 'CANCELLED',
  }));
}
