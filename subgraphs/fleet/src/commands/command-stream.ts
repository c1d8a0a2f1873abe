import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import { StepIterator } from '@muster/kit/step-iterator';
import type { Events } from '../events.ts';
import type { CommandRow } from './command.entity.ts';
import type { Commands } from './commands.ts';

/** Which commands to follow; both absent follows all that the viewer may see. */
export interface CommandWish {
  readonly commandId?: string | null;
  readonly deviceId?: string | null;
}

/** The command after each change of its state, from now on. */
export function streamCommandChanges(
  commands: Commands,
  events: Events,
  request: { viewer: Viewer; wish: CommandWish },
): AsyncGenerator<CommandRow, undefined, undefined> {
  const { viewer, wish } = request;
  const changes = events.onCommandChanged();
  return new StepIterator<CommandRow>({
    step: async () => {
      for (;;) {
        const { done, value } = await changes.next();
        if (done) return undefined;
        const isWanted =
          (!wish.commandId || wish.commandId === value.commandId) &&
          (!wish.deviceId || wish.deviceId === value.deviceId) &&
          maySeeOrganization(viewer, value.organizationId);
        const command = isWanted ? await commands.find(viewer, value.commandId) : null;
        if (command) return command;
      }
    },
    onReturn: () => void changes.return(),
  });
}
