import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import type { Log } from '@muster/kit/log';
import { StepIterator } from '@muster/kit/step-iterator';
import type { Events, Signal } from '../events.ts';
import type { Presence } from './presence.ts';

/** What the signal stream stands on. */
export interface SignalSources {
  readonly database: Database;
  readonly events: Events;
  readonly presence: Presence;
  readonly log: Log;
}

/** The calling device's wake-ups: first what has piled up, then what comes; its being open is the device's presence. */
export async function openSignals(
  sources: SignalSources,
  context: RequestContext,
): Promise<AsyncGenerator<Signal, undefined, undefined>> {
  const { database, events, presence, log } = sources;
  const deviceId = context.viewer.id;
  // listen before reading, so that nothing falls between
  const signals = events.onSignal(deviceId);
  try {
    await presence.connect(context);
    for (const signal of await pendingSignals(database, deviceId)) signals.push(signal);
  } catch (error) {
    await signals.return();
    throw error;
  }
  return new StepIterator<Signal>({
    step: async () => {
      const { done, value } = await signals.next();
      return done ? undefined : value;
    },
    onReturn: () => {
      void signals.return();
      presence.disconnect(deviceId).catch(error => log.warn({ err: error, deviceId }, 'presence not stored'));
    },
  });
}

async function pendingSignals(database: Database, deviceId: string): Promise<Signal[]> {
  const { rows } = await database.pool.query<{ id: string; status: string; cancel: boolean }>(
    `(select id, status, false as cancel from command where device_id = $1 and status = 'QUEUED' and expires_at > now() limit 1)
     union all (select id, status, true from command where device_id = $1 and status in ('LEASED', 'RUNNING') and cancel_requested_at is not null limit 64)`,
    [deviceId],
  );
  return rows.map(row =>
    row.cancel ? { kind: 'CANCEL', commandId: row.id } : { kind: 'COMMANDS_WAITING', commandId: null },
  );
}
