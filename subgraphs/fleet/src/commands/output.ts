import type { Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import { badInput } from '@muster/kit/errors';
import { StepIterator } from '@muster/kit/step-iterator';
import type { Events } from '../events.ts';
import { isFinal } from './command.entity.ts';
import type { CommandOutputChunk } from './command.ts';
import type { Commands } from './commands.ts';

const PAGE = 200;

/** What following output stands on. */
export interface OutputParts {
  readonly database: Database;
  readonly events: Events;
  readonly commands: Commands;
}

/** The command's chunks after the sequence, in order, at most `limit`. */
export async function readOutput(
  database: Database,
  commandId: string,
  range: { after: number; limit: number },
): Promise<CommandOutputChunk[]> {
  if (range.after < 0) throw badInput('after', 'is at least 0');
  const { rows } = await database.pool.query<{
    sequence: number;
    stream: CommandOutputChunk['stream'];
    at: Date;
    data: Buffer;
  }>({
    name: 'command-output',
    text: 'select sequence, stream, at, data from command_output where command_id = $1 and sequence > $2 order by sequence limit $3',
    values: [commandId, range.after, range.limit],
  });
  return rows.map(({ sequence, stream, at, data }) => ({ sequence, stream, at, text: data.toString('utf8') }));
}

/** Replays the command's chunks after the sequence, goes on live, and ends when the command has ended and all is told. */
export async function followOutput(
  parts: OutputParts,
  viewer: Viewer,
  request: { commandId: string; after: number },
): Promise<AsyncGenerator<CommandOutputChunk, undefined, undefined>> {
  const { database, events, commands } = parts;
  await commands.require(viewer, request.commandId);
  // listen before reading, so that nothing falls between
  const wakeUps = events.onOutputGrown(request.commandId);
  let after = request.after;
  let buffered: CommandOutputChunk[] = [];
  const step = async (): Promise<CommandOutputChunk | undefined> => {
    for (;;) {
      const next = buffered.shift();
      if (next) {
        after = next.sequence;
        return next;
      }
      // the state is read before the chunks: what ends afterwards wakes again
      const command = await commands.require(viewer, request.commandId);
      buffered = await readOutput(database, request.commandId, { after, limit: PAGE });
      if (buffered.length > 0) continue;
      if (isFinal(command.status) || (await wakeUps.next()).done) return undefined;
    }
  };
  return new StepIterator({ step, onReturn: () => void wakeUps.return() });
}
