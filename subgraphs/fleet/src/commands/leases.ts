import type { Database } from '@muster/kit/database/database';
import type { SecretBox } from '@muster/kit/secret-box';
import type { CommandChanged, Events } from '../events.ts';
import type { ServerKey } from '../identity/server-key.ts';
import type { LeasedCommand } from './agent-operations.ts';
import type { StoredSpec } from './command.entity.ts';
import { signOrder } from './envelope.ts';

/** How long an order may be on its way before it is given out again. */
export const LEASE_SECONDS = 30;
/** How long a running command may be silent before it counts as lost. */
export const RENEWAL_SECONDS = 60;
const MAX_LEASED = 64;

/** What leasing stands on. */
export interface LeaseParts {
  readonly database: Database;
  readonly events: Events;
  readonly serverKey: ServerKey;
  readonly box: SecretBox;
}

interface LeasedRow {
  readonly id: string;
  readonly organization_id: string;
  readonly spec: StoredSpec;
  readonly environment: Buffer;
  readonly expires_at: Date;
}

/** Gives the device its oldest waiting commands, signed, for 30 s; nothing for a device that is cut off or not approved. */
export async function leaseCommands(parts: LeaseParts, deviceId: string, max: number): Promise<LeasedCommand[]> {
  const { rows } = await parts.database.pool.query<LeasedRow>({
    name: 'lease-commands',
    text: `update command set status = 'LEASED', lease_until = now() + interval '${LEASE_SECONDS} seconds', attempt = attempt + 1
      where id in (
        select c.id from command c join device d on d.id = c.device_id
        where c.device_id = $1 and c.status = 'QUEUED' and c.expires_at > now() and d.status not in ('REVOKED', 'PENDING')
        order by c.id limit $2 for update of c skip locked)
      returning id, organization_id, spec, environment, expires_at`,
    values: [deviceId, Math.min(Math.max(max, 1), MAX_LEASED)],
  });
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const row of rows) parts.events.commandChanged(toChange(row, deviceId));
  return rows.map(row => toLeased(parts, row, deviceId));
}

function toLeased({ box, serverKey }: LeaseParts, row: LeasedRow, deviceId: string): LeasedCommand {
  const environment = JSON.parse(box.open(row.environment)) as { name: string; value: string }[];
  return {
    id: row.id,
    ...signOrder(serverKey, { commandId: row.id, deviceId, spec: row.spec, environment, expiresAt: row.expires_at }),
  };
}

const toChange = ({ id, organization_id }: LeasedRow, deviceId: string): CommandChanged => ({
  commandId: id,
  deviceId,
  organizationId: organization_id,
});
