import type { MachineFacts } from './machine.ts';

/** A GraphQL document with the types of its variables and its answer; the agent carries no GraphQL library. */
export interface Operation<Variables, Data> {
  readonly document: string;
  /** Types only; never set. */
  readonly types?: (variables: Variables) => Data;
}

export type OutputStream = 'STDOUT' | 'STDERR';
export type FinishedStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'CANCELLED' | 'LOST';
/** Parts of the inventory; servers of the first revision know no more than the first line. */
export type SectionName =
  | ('OS' | 'HARDWARE' | 'FILE_SYSTEMS' | 'DISKS' | 'NETWORK' | 'SOFTWARE' | 'USERS')
  | ('SERVICES' | 'PROCESSES' | 'CONTAINERS' | 'UPDATES');

/** A piece of output as sent. */
export interface OutputChunk {
  readonly sequence: number;
  readonly stream: OutputStream;
  readonly at: string;
  readonly text: string;
}

/** How a command ended, as sent. */
export interface Finished {
  readonly status: FinishedStatus;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
  readonly finishedAt: string;
  readonly outputBytes: number;
  readonly isOutputTruncated: boolean;
  readonly lastSequence: number;
}

/** What is new about one command; with nothing but the id it renews the lease. */
export interface CommandReport {
  readonly commandId: string;
  readonly startedAt?: string;
  readonly chunks?: OutputChunk[];
  readonly finished?: Finished;
}

/** What the server has committed of one command. */
export interface Acknowledgement {
  readonly commandId: string;
  readonly throughSequence: number;
  readonly isFinal: boolean;
}

/** A command as handed out: nothing in it is believed before the signature is verified. */
export interface LeasedCommand {
  readonly id: string;
  readonly envelope: string;
  readonly signature: string;
}

/** A part of the inventory as sent. */
export interface InventorySection {
  readonly section: SectionName;
  readonly hash: string;
  readonly data: string;
}

/** A word from the server that something waits. */
export interface DeviceSignal {
  readonly kind: 'COMMANDS_WAITING' | 'CANCEL' | 'REFRESH_INVENTORY' | 'REVOKED';
  readonly commandId: string | null;
}

interface EnrollInput {
  token: string;
  publicKey: string;
  proof: string;
  facts: { hostname: string; osFamily: 'LINUX'; agentVersion: string; protocol: number } & Partial<MachineFacts>;
}

export const enrollDevice: Operation<
  { input: EnrollInput },
  { enrollDevice: { deviceId: string; status: string; serverKey: string } }
> = {
  document:
    'mutation AgentEnroll($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId status serverKey } }',
};

export const deviceSignals: Operation<Record<string, never>, { deviceSignals: DeviceSignal }> = {
  document: 'subscription AgentSignals { deviceSignals { kind commandId } }',
};

export const reportInventory: Operation<
  { input: { sections: InventorySection[]; bootedAt: string | null; agentVersion: string } },
  { reportInventory: { acceptedSections: SectionName[] } }
> = {
  document:
    'mutation AgentReportInventory($input: ReportInventoryInput!) { reportInventory(input: $input) { acceptedSections } }',
};

export const leaseCommands: Operation<{ input: { max: number } }, { leaseCommands: { commands: LeasedCommand[] } }> = {
  document:
    'mutation AgentLease($input: LeaseCommandsInput!) { leaseCommands(input: $input) { commands { id envelope signature } } }',
};

export const reportCommands: Operation<
  { input: { commands: CommandReport[] } },
  { reportCommands: { acknowledged: Acknowledgement[] } }
> = {
  document:
    'mutation AgentReport($input: ReportCommandsInput!) { reportCommands(input: $input) { acknowledged { commandId throughSequence isFinal } } }',
};
