import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import { StepIterator } from '@muster/kit/step-iterator';
import { takeArrived } from '../event-reader.ts';
import type { CommandChanged, Events } from '../events.ts';
import type { CommandRow } from './command.entity.ts';
import type { Commands } from './commands.ts';

/** Which commands to follow; all absent follows everything that the viewer may see. */
export interface CommandWish {
  readonly commandId?: string | null;
  readonly deviceId?: string | null;
  readonly jobId?: string | null;
}

/** What is told again covers this much of the time before the last event: nothing falls between. */
const OVERLAP_MS = 10_000;

/** The command after each change of its state, from now on. */
export function streamCommandChanges(
  commands: Commands,
  events: Events,
  request: { viewer: Viewer; wish: CommandWish },
): AsyncGenerator<CommandRow, undefined, undefined> {
  const { viewer, wish } = request;
  const changes = events.onCommandChanged();
  const ready: CommandRow[] = [];
  let lastHeard = Date.now();
  const step = async (): Promise<CommandRow | undefined> => {
    for (;;) {
      const command = ready.shift();
      if (command) return command;
      const arrived = await takeArrived(changes);
      if (!arrived) return undefined;
      const wanted = arrived.events.filter(event => isWanted(viewer, wish, event));
      const rows = await Promise.all(wanted.map(({ commandId }) => commands.find(viewer, commandId)));
      ready.push(...rows.filter(row => row !== null));
      const since = new Date(lastHeard - OVERLAP_MS);
      lastHeard = Date.now();
      if (arrived.mustReadAgain) ready.push(...(await commands.changedSince(viewer, wish, since)));
    }
  };
  return new StepIterator<CommandRow>({ step, onReturn: () => void changes.return() });
}

function isWanted(viewer: Viewer, wish: CommandWish, event: CommandChanged): boolean {
  return (
    (!wish.commandId || wish.commandId === event.commandId) &&
    (!wish.deviceId || wish.deviceId === event.deviceId) &&
    (!wish.jobId || wish.jobId === event.jobId) &&
    maySeeOrganization(viewer, event.organizationId)
  );
}
