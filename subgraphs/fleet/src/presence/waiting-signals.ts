import type { Database } from '@muster/kit/database/database';
import type { Signal } from '../events.ts';

interface Row {
  readonly device_id: string;
  /** Command that its device has to end; null says that something is queued. */
  readonly command_id: string | null;
}

/** What waits for each of the devices: that something is queued, and which commands to end; one statement for all. */
export async function readWaiting(
  database: Database,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Signal[]>> {
  if (deviceIds.length === 0) return new Map();
  const { rows } = await database.pool.query<Row>({
    name: 'waiting-signals',
    text: `select w.id as device_id, c.command_id from unnest($1::uuid[]) as w (id) cross join lateral (
        (select null::uuid as command_id from command where device_id = w.id and status = 'QUEUED' and expires_at > now() limit 1)
        union all
        (select id from command where device_id = w.id and status in ('LEASED', 'RUNNING') and cancel_requested_at is not null order by id limit 64)) c`,
    values: [deviceIds],
  });
  const waiting = new Map<string, Signal[]>();
  for (const { device_id, command_id } of rows) {
    const signals = waiting.get(device_id) ?? [];
    signals.push({ kind: command_id ? 'CANCEL' : 'COMMANDS_WAITING', commandId: command_id });
    waiting.set(device_id, signals);
  }
  return waiting;
}
