import { badInput } from '@muster/kit/errors';
import { requireId } from '@muster/kit/ids';
import type { CommandReportInput, ReportCommandsInput } from './agent-operations.ts';

const MAX_COMMANDS = 256;
const MAX_CHUNKS = 2_000;
const MAX_CHUNK_BYTES = 64 * 1024;

/** The reports of a call once their size and numbers are believed; agents are hostile input. */
export function checkReports({ commands }: ReportCommandsInput): readonly CommandReportInput[] {
  if (commands.length > MAX_COMMANDS) throw badInput('input.commands', `has more than ${MAX_COMMANDS} entries`);
  for (const [index, report] of commands.entries()) checkReport(report, `input.commands.${index}`);
  return commands;
}

function checkReport({ commandId, chunks, finished }: CommandReportInput, path: string): void {
  requireId(`${path}.commandId`, commandId);
  if ((chunks?.length ?? 0) > MAX_CHUNKS) throw badInput(`${path}.chunks`, `has more than ${MAX_CHUNKS} entries`);
  for (const [index, chunk] of (chunks ?? []).entries()) {
    if (chunk.sequence < 1) throw badInput(`${path}.chunks.${index}.sequence`, 'counts from 1');
    if (Buffer.byteLength(chunk.text) > MAX_CHUNK_BYTES)
      throw badInput(`${path}.chunks.${index}.text`, `is larger than ${MAX_CHUNK_BYTES} bytes`);
  }
  const isNegative =
    finished &&
    (finished.outputBytes < 0n || finished.outputBytes > BigInt(Number.MAX_SAFE_INTEGER) || finished.lastSequence < 0);
  if (isNegative) throw badInput(`${path}.finished`, 'has a size or a number out of range');
}
