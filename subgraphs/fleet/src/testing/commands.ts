import { randomUUID } from 'node:crypto';
import { aDeviceViewer, anOperator, type TestFleet } from './fleet.ts';

const RUN = 'mutation ($input: RunCommandInput!) { runCommand(input: $input) { command { id status } } }';
const LEASE = 'mutation { leaseCommands(input: {}) { commands { id envelope signature } } }';
const REPORT =
  'mutation ($input: ReportCommandsInput!) { reportCommands(input: $input) { acknowledged { commandId throughSequence isFinal } } }';

/** What of a command a test looks at. */
export const COMMAND =
  'query ($id: ID!) { command(id: $id) { status exitCode reason outputBytes isOutputTruncated startedAt finishedAt cancelRequestedAt job { id } spec { script shell } requestedBy { kind name } output { nodes { sequence text } pageInfo { hasNextPage } } } }';

/** Orders something for a device by the graph. */
export async function runOn(
  fleet: TestFleet,
  deviceId: string,
  input: Record<string, unknown> = {},
): Promise<{ id: string; status: string }> {
  const { viewer = anOperator(), ...more } = input as { viewer?: ReturnType<typeof anOperator> };
  const wish = { requestKey: randomUUID(), deviceId, shell: 'SH', script: 'echo hi', ...more };
  return (await fleet.graph<{ runCommand: { command: { id: string; status: string } } }>(RUN, { input: wish }, viewer))
    .runCommand.command;
}

/** Fetches a device's orders as its agent does. */
export async function leaseOn(
  fleet: Pick<TestFleet, 'graph'>,
  deviceId: string,
): Promise<{ id: string; envelope: string; signature: string }[]> {
  const answer = await fleet.graph<{
    leaseCommands: { commands: { id: string; envelope: string; signature: string }[] };
  }>(LEASE, {}, aDeviceViewer(deviceId));
  return answer.leaseCommands.commands;
}

/** Reports on commands as a device's agent does. */
export async function reportOn(
  fleet: TestFleet,
  deviceId: string,
  commands: unknown[],
): Promise<{ commandId: string; throughSequence: number; isFinal: boolean }[]> {
  const answer = await fleet.graph<{
    reportCommands: { acknowledged: { commandId: string; throughSequence: number; isFinal: boolean }[] };
  }>(REPORT, { input: { commands } }, aDeviceViewer(deviceId));
  return answer.reportCommands.acknowledged;
}

/** A piece of output. */
export function chunk(sequence: number, text: string, stream = 'STDOUT') {
  return { sequence, stream, at: new Date().toISOString(), text };
}

/** The end of a command. */
export function finished(lastSequence: number, status = 'SUCCEEDED', exitCode: number | null = 0) {
  return {
    status,
    exitCode,
    finishedAt: new Date().toISOString(),
    outputBytes: 6,
    isOutputTruncated: false,
    lastSequence,
  };
}

/** The command as the graph shows it. */
export async function commandOf(fleet: TestFleet, id: string): Promise<Record<string, unknown>> {
  return (await fleet.graph<{ command: Record<string, unknown> }>(COMMAND, { id })).command;
}

/** Resolves once the command has the status, told by the stream of its changes. */
export async function untilStatus(fleet: TestFleet, id: string, status: string): Promise<void> {
  const changes = await fleet.events<unknown>('subscription ($id: ID!) { commandChanged(commandId: $id) { status } }', {
    id,
  });
  while ((await commandOf(fleet, id)).status !== status) await changes.next();
  await changes.return?.();
}
