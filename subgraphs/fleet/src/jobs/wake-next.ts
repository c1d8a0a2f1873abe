import type { Database } from '@muster/kit/database/database';
import type { Events } from '../events.ts';

/** Tells connected devices that there is room for them in jobs that run on some devices at a time. */
export async function wakeNext(database: Database, events: Events, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length === 0) return;
  const { rows } = await database.pool.query<{ device_id: string }>({
    name: 'job-wake-next',
    text: `select next.device_id from (select j.id, j.concurrency - (select count(*) from command a where a.job_id = j.id and a.status in ('LEASED', 'RUNNING')) as free
        from job j where j.id = any($1) and j.concurrency is not null) s
      cross join lateral (select c.device_id from command c join device d on d.id = c.device_id and d.status = 'ONLINE'
        where c.job_id = s.id and c.status = 'QUEUED' order by c.id limit greatest(s.free, 0)) next`,
    values: [[...new Set(jobIds)]],
  });
  for (const { device_id } of rows) events.signal(device_id, { kind: 'COMMANDS_WAITING', commandId: null });
}
