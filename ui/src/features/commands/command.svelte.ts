import { clock } from '#design/clock.ts';
import { useQuery } from '#graph/query.svelte.ts';
import { useSubscription } from '#graph/subscription.svelte.ts';
import { commandDuration } from './command-facts.ts';
import { CommandOutput } from './command-output.svelte.ts';
import { isLive } from './command-status.ts';
import { type CommandDetail, commandChangedSubscription, commandQuery } from './commands.ts';

/** One command under live change, with its output. */
export function useCommand(id: () => string) {
  const query = useQuery(commandQuery, () => ({ id: id() }));
  const output = $derived(new CommandOutput(id()));
  let changed = $state.raw<CommandDetail>();

  useSubscription(
    commandChangedSubscription,
    () => ({ commandId: id() }),
    ({ commandChanged }) => {
      changed = commandChanged;
    },
  );

  const read = $derived(query.data?.command ?? undefined);
  const command = $derived.by(() => {
    if (!read || changed?.id !== read.id) return read;
    // An end is an end: a slower answer from before it does not bring the command back to life.
    if (isLive(changed.status) && !isLive(read.status)) return read;
    return { ...read, ...changed, device: read.device };
  });
  const isOver = $derived(command !== undefined && !isLive(command.status));

  $effect(() => output.open());
  $effect(() => {
    if (isOver) void output.finish();
  });

  return {
    query,
    get command() {
      return command;
    },
    get output() {
      return output;
    },
    get isOver() {
      return isOver;
    },
    /** How long it has run so far, or ran; undefined before its start. */
    get duration() {
      return command && commandDuration(command, () => clock.now);
    },
  };
}
