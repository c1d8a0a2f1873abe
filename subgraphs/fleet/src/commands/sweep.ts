import type { Database } from '@muster/kit/database/database';
import type { Events } from '../events.ts';

interface Swept {
  readonly id: string;
  readonly device_id: string;
  readonly organization_id: string;
  readonly status: string;
}

const RETURNING = 'returning id, device_id, organization_id, status';

// Each statement is conditional on the state it leaves, so any number of processes may sweep.
const STATEMENTS = [
  `update command set status = 'EXPIRED', finished_at = now(), reason = 'the device did not fetch it in time'
    where id in (select id from command where status = 'QUEUED' and expires_at < now() for update skip locked limit 1000) ${RETURNING}`,
  `update command set status = case when cancel_requested_at is null then 'QUEUED' else 'CANCELLED' end, lease_until = null,
      finished_at = case when cancel_requested_at is null then null else now() end
    where id in (select id from command where status = 'LEASED' and lease_until < now() for update skip locked limit 1000) ${RETURNING}`,
  // an agent that is away goes on with its command; it is lost only when a connected agent is silent about it, or its time is long over
  `update command set status = 'LOST', finished_at = now(), lease_until = null, reason = 'the device stopped reporting on it'
    where id in (select c.id from command c join device d on d.id = c.device_id where c.status = 'RUNNING' and c.lease_until < now()
      and ((d.status = 'ONLINE' and d.connected_at < now() - interval '2 minutes')
        or now() > c.started_at + make_interval(secs => (c.spec->>'timeoutSeconds')::int) + interval '5 minutes')
      for update of c skip locked limit 1000) ${RETURNING}`,
];

/** Moves on commands that time has overtaken: expired, given out again, lost. */
export async function sweepCommands(database: Database, events: Events): Promise<void> {
  for (const statement of STATEMENTS) {
    const { rows } = await database.pool.query<Swept>(statement);
    for (const { id, device_id: deviceId, organization_id: organizationId, status } of rows) {
      events.commandChanged({ commandId: id, deviceId, organizationId });
      if (status === 'QUEUED') events.signal(deviceId, { kind: 'COMMANDS_WAITING', commandId: null });
    }
  }
}
