import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import type { Log } from '@muster/kit/log';
import { StepIterator } from '@muster/kit/step-iterator';
import type { Events, Signal } from '../events.ts';
import type { Presence } from './presence.ts';
import { readWaiting } from './waiting-signals.ts';

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
  const ready: Signal[] = [];
  try {
    ready.push(...(await presence.connect(context)));
  } catch (error) {
    await signals.return();
    throw error;
  }
  const step = async (): Promise<Signal | undefined> => {
    for (;;) {
      const known = ready.shift();
      if (known) return known;
      const { done, value } = await signals.next();
      if (done) return undefined;
      if (value) return value;
      ready.push(...(await readAgain(database, deviceId)));
    }
  };
  const onReturn = (): void => {
    void signals.return();
    presence.disconnect(deviceId).catch(error => log.warn({ err: error, deviceId }, 'presence not stored'));
  };
  return new StepIterator<Signal>({ step, onReturn });
}

/** What an agent has to know when signals may have been missed. */
async function readAgain(database: Database, deviceId: string): Promise<readonly Signal[]> {
  const { rows } = await database.pool.query<{ status: string }>('select status from device where id = $1', [deviceId]);
  if (rows[0]?.status === 'REVOKED') return [{ kind: 'REVOKED', commandId: null }];
  return (await readWaiting(database, [deviceId])).get(deviceId) ?? [];
}
