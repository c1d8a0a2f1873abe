import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** States of a command; the last six are ends. One that the server has presumed in silence turns into another when the device reports. */
export const COMMAND_STATUSES = [
  'QUEUED',
  'LEASED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'CANCELLED',
  'EXPIRED',
  'LOST',
] as const;
export type CommandStatusName = (typeof COMMAND_STATUSES)[number];

/** True for a state that a command does not leave by itself. */
export function isFinal(status: CommandStatusName): boolean {
  return status !== 'QUEUED' && status !== 'LEASED' && status !== 'RUNNING';
}

/** Interpreters that a script may ask for. */
export const SHELLS = ['SH', 'BASH', 'PYTHON3', 'NODE', 'PWSH'] as const;
export type ShellName = (typeof SHELLS)[number];

/** What is stored openly of a command's orders; values of environment variables are sealed apart. */
export interface StoredSpec {
  readonly shell: ShellName;
  readonly script: string;
  readonly arguments: readonly string[];
  readonly environmentNames: readonly string[];
  readonly workingDirectory: string | null;
  readonly runAs: string | null;
  readonly timeoutSeconds: number;
  /** The stored script that the text was taken from. */
  readonly scriptId?: string | undefined;
  readonly scriptVersion?: number | undefined;
}

/** Row of one order to one device. */
export const CommandEntity = defineEntity({
  name: 'Command',
  tableName: 'command',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    deviceId: p.uuid(),
    jobId: p.uuid().nullable(),
    requesterKind: p.string(),
    requesterId: p.string(),
    requesterName: p.string(),
    requestKey: p.string().nullable(),
    requestHash: p.blob().nullable(),
    /** Null for a command of a job, which has the orders of all its commands. */
    spec: p.json<StoredSpec>().nullable(),
    environment: p.blob().nullable(),
    status: p.enum(COMMAND_STATUSES),
    queuedAt: p.datetime(),
    expiresAt: p.datetime(),
    cancelRequestedAt: p.datetime().nullable(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    exitCode: p.integer().nullable(),
    signal: p.string().nullable(),
    reason: p.string().nullable(),
    outputBytes: p.bigint('number'),
    isOutputTruncated: p.boolean(),
    lastSequence: p.integer(),
  },
});
export type CommandRow = InferEntity<typeof CommandEntity>;
