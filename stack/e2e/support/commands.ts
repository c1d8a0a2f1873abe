import { randomUUID } from 'node:crypto';
import type { GraphCaller } from './graph.ts';

const RUN = 'mutation ($input: RunCommandInput!) { runCommand(input: $input) { command { id } } }';
const OUTPUT =
  'subscription ($id: ID!, $after: Int) { commandOutput(commandId: $id, after: $after) { sequence stream at text } }';
const COMMAND = 'query ($id: ID!) { command(id: $id) { status exitCode reason outputBytes startedAt finishedAt } }';
const DEVICES = '{ devices(filter: { statuses: [ONLINE] }) { nodes { id inventoryAt } } }';

/** A piece of output as a caller gets it. */
export interface Chunk {
  readonly sequence: number;
  readonly stream: 'STDOUT' | 'STDERR';
  readonly at: string;
  readonly text: string;
}

/** Waits until the stack's own machine is online with its inventory and answers its id. */
export async function onlineDevice(caller: GraphCaller): Promise<string> {
  return until(async () => {
    const { devices } = await caller.data<{ devices: { nodes: { id: string; inventoryAt: string | null }[] } }>(
      DEVICES,
    );
    return devices.nodes.find(device => device.inventoryAt)?.id;
  });
}

/** Orders a script and answers the command's id. */
export async function runCommand(
  caller: GraphCaller,
  input: { deviceId: string; script: string } & Record<string, unknown>,
): Promise<string> {
  const { runCommand } = await caller.data<{ runCommand: { command: { id: string } } }>(RUN, {
    input: { requestKey: randomUUID(), shell: 'SH', ...input },
  });
  return runCommand.command.id;
}

/** The command's chunks from the sequence on, until it has ended; goes on where it was when the connection is lost. */
export async function* followOutput(caller: GraphCaller, id: string): AsyncGenerator<Chunk, void, void> {
  for await (const { commandOutput } of caller.events<{ commandOutput: Chunk }>(OUTPUT, { id, after: 0 }))
    yield commandOutput;
}

/** All of an ended command's output. */
export async function wholeOutput(caller: GraphCaller, id: string): Promise<Chunk[]> {
  return Array.fromAsync(followOutput(caller, id));
}

/** A command's state. */
export interface CommandState {
  readonly status: string;
  readonly exitCode: number | null;
  readonly reason: string | null;
}

/** Waits for the command's end and answers how it ended. */
export async function endOf(caller: GraphCaller, id: string): Promise<CommandState> {
  return until(async () => {
    const { command } = await caller.data<{ command: CommandState }>(COMMAND, { id });
    return ['QUEUED', 'LEASED', 'RUNNING'].includes(command.status) ? undefined : command;
  });
}

/** Asks again until there is an answer; the test's own timeout is the limit. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(error => {
      // a stack that restarts refuses connections for a moment
      if (error instanceof TypeError) return undefined;
      throw error;
    });
    if (answer !== undefined) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
