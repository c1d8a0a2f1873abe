/** What an installation may set about its fleet. */
export interface FleetSettings {
  /** A device that has been away for this long is OVERDUE. */
  readonly overdueAfterSeconds: number;
  /** Agents of a process that has vanished count as connected for this long. */
  readonly presenceGraceSeconds: number;
  /** Ended commands, their output and their jobs are kept for this long. */
  readonly commandRetentionDays: number;
  /** Changes of inventories are kept for this long. */
  readonly inventoryChangeRetentionDays: number;
  /** Between two looks for commands that time has overtaken. */
  readonly commandSweepMs: number;
  /** Between two signs of life of this process. */
  readonly presenceSweepMs: number;
}

/** What holds where nothing is set. */
export const defaultSettings: FleetSettings = {
  overdueAfterSeconds: 86_400,
  presenceGraceSeconds: 45,
  commandRetentionDays: 90,
  inventoryChangeRetentionDays: 365,
  commandSweepMs: 5_000,
  presenceSweepMs: 10_000,
};
