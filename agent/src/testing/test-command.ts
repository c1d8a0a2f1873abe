import { createHash, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Job } from '../commands/envelope.ts';
import type { Acknowledgement, CommandReport, Finished, LeasedCommand, OutputChunk } from '../operations.ts';

/** A job with everything that a test does not care about filled in. */
export function aJob(parts: Partial<Job> & { deviceId: string }): Job {
  return {
    commandId: randomUUID(),
    shell: 'SH',
    script: 'true',
    arguments: [],
    environment: [],
    workingDirectory: null,
    runAs: null,
    timeoutSeconds: 60,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    ...parts,
  };
}

/** The envelope as the server makes it. */
export function seal(job: Job, key: KeyObject, changes: object = {}): LeasedCommand {
  const scriptSha256 = createHash('sha256').update(job.script).digest('hex');
  const envelope = JSON.stringify({ version: 1, ...job, scriptSha256, issuedAt: new Date().toISOString(), ...changes });
  const signature = sign(null, Buffer.from(`muster-command-v1|${envelope}`), key).toString('base64url');
  return { id: job.commandId, envelope, signature };
}

/** A command as the server sees it: commits each chunk once, in order. */
export class ServerCommand {
  readonly id: string;
  readonly leased: LeasedCommand;
  /** Only this device may lease it; null lets any. */
  readonly deviceId: string | null;
  readonly chunks: OutputChunk[] = [];
  readonly arrivals: number[] = [];
  readonly reports: CommandReport[] = [];
  isLeased = false;
  isUnwanted = false;
  startedAt: string | null = null;
  finished: Finished | null = null;
  duplicates = 0;

  constructor(leased: LeasedCommand, deviceId: string | null = null) {
    this.id = leased.id;
    this.deviceId = deviceId;
    this.leased = leased;
  }

  /** Takes what follows without a gap; refuses to end before the last chunk is there. */
  commit(report: CommandReport): Acknowledgement {
    this.reports.push(report);
    this.startedAt ??= report.startedAt ?? null;
    for (const chunk of report.chunks ?? []) {
      if (chunk.sequence <= this.chunks.length) this.duplicates++;
      if (chunk.sequence !== this.chunks.length + 1) continue;
      this.chunks.push(chunk);
      this.arrivals.push(performance.now());
    }
    if (report.finished && report.finished.lastSequence === this.chunks.length) this.finished ??= report.finished;
    const isFinal = this.isUnwanted || this.finished !== null;
    return { commandId: this.id, throughSequence: this.chunks.length, isFinal };
  }

  text(stream: 'STDOUT' | 'STDERR' = 'STDOUT'): string {
    return this.chunks
      .filter(chunk => chunk.stream === stream)
      .map(chunk => chunk.text)
      .join('');
  }
}
