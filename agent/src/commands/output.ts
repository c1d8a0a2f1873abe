import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { OutputChunk, OutputStream } from '../operations.ts';
import type { ChunkRecord, SpoolEntry } from './spool.ts';
import { decode, partialStart, wholeLength } from './utf8.ts';

/** What is kept of a command's output: the first bytes live, the last ones at the end, the middle counted. */
export interface OutputCap {
  readonly headBytes: number;
  readonly tailBytes: number;
}

export const defaultCap: OutputCap = { headBytes: 768 * 1024, tailBytes: 256 * 1024 };

/** No chunk's text is longer. */
export const chunkBytes = 32 * 1024;

const streams: readonly OutputStream[] = ['STDOUT', 'STDERR'];

/**
 * The output of one command, cut into numbered chunks. The two files that the command writes are the only copy: a chunk is
 * a record of where its bytes lie, on disk before it is sent, so that every later agent cuts and numbers alike.
 */
export class Output {
  readonly #entry: SpoolEntry;
  readonly #cap: OutputCap;
  readonly #records: ChunkRecord[];
  readonly #read: Record<OutputStream, number> = { STDOUT: 0, STDERR: 0 };
  #kept = 0;

  constructor(entry: SpoolEntry, cap = defaultCap) {
    this.#entry = entry;
    this.#cap = cap;
    this.#records = entry.readChunks();
    for (const record of this.#records) {
      this.#read[record.stream] = record.offset + record.length;
      this.#kept += record.length;
    }
  }

  get lastSequence(): number {
    return this.#records.length;
  }

  /** Whether nothing more is read before the command ends. */
  get isHeadFull(): boolean {
    return this.#kept >= this.#cap.headBytes;
  }

  /** All bytes that the command wrote. */
  get totalBytes(): number {
    return streams.reduce((sum, stream) => sum + this.#size(stream), 0);
  }

  get isTruncated(): boolean {
    return this.#kept < this.totalBytes;
  }

  /** Cuts what was written since the last time; answers whether there was anything. */
  advance(at: string): boolean {
    return streams.filter(stream => this.#cut(stream, at, false)).length > 0;
  }

  /** Cuts the rest once the command is over: all of it where it fits, else the tail of each stream. */
  finish(at: string): void {
    this.advance(at);
    const rest = { STDOUT: this.#unread('STDOUT'), STDERR: this.#unread('STDERR') };
    const room = this.#cap.tailBytes;
    // Each stream may have half of the room, and what the other one leaves.
    const errors = Math.min(rest.STDERR, Math.max(room / 2, room - rest.STDOUT));
    const share = { STDERR: errors, STDOUT: Math.min(rest.STDOUT, room - errors) };
    for (const stream of streams) {
      this.#skip(stream, rest[stream] - share[stream]);
      this.#cut(stream, at, true);
    }
  }

  /** Chunks after a sequence, as long as their text fits into `bytes`; at least one where there is any. */
  chunksAfter(sequence: number, bytes: number): { chunks: OutputChunk[]; bytes: number } {
    const chunks: OutputChunk[] = [];
    let used = 0;
    for (let index = sequence; index < this.#records.length; index++) {
      const record = this.#records[index] as ChunkRecord;
      const text = decode(this.#bytes(record.stream, record.offset, record.length));
      const size = Buffer.byteLength(text);
      if (chunks.length > 0 && used + size > bytes) break;
      chunks.push({ sequence: record.sequence, stream: record.stream, at: record.at, text });
      used += size;
    }
    return { chunks, bytes: used };
  }

  /** Cuts one stream up to its present size, or to the cap while the command runs. */
  #cut(stream: OutputStream, at: string, isEnd: boolean): boolean {
    const until = this.#size(stream);
    const records: ChunkRecord[] = [];
    let offset = this.#read[stream];
    let room = isEnd ? Number.POSITIVE_INFINITY : this.#cap.headBytes - this.#kept;
    while (offset < until && room > 0) {
      const bytes = this.#bytes(stream, offset, Math.min(chunkBytes, room, until - offset));
      const length = fit(bytes, isEnd && offset + bytes.length >= until);
      if (length === 0) break;
      records.push({ sequence: this.#records.length + records.length + 1, stream, offset, length, at });
      offset += length;
      room -= length;
    }
    if (records.length === 0) return false;
    this.#entry.appendChunks(records);
    this.#records.push(...records);
    this.#kept += offset - this.#read[stream];
    this.#read[stream] = offset;
    return true;
  }

  #skip(stream: OutputStream, count: number): void {
    if (count <= 0) return;
    const offset = this.#read[stream] + count;
    this.#read[stream] = offset + partialStart(this.#bytes(stream, offset, 3));
  }

  #unread(stream: OutputStream): number {
    return Math.max(0, this.#size(stream) - this.#read[stream]);
  }

  #size(stream: OutputStream): number {
    return this.#withFile(stream, file => fstatSync(file).size) ?? 0;
  }

  #bytes(stream: OutputStream, offset: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    const count = this.#withFile(stream, file => readSync(file, buffer, 0, length, offset)) ?? 0;
    return buffer.subarray(0, count);
  }

  #withFile<T>(stream: OutputStream, use: (file: number) => T): T | null {
    let file: number;
    try {
      file = openSync(this.#entry.path(stream.toLowerCase()), 'r');
    } catch {
      return null;
    }
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  }
}

/** The longest part whose text, which is longer than its bytes where they are no UTF-8, still fits into a chunk. */
function fit(bytes: Buffer, isLast: boolean): number {
  let length = isLast ? bytes.length : wholeLength(bytes);
  while (Buffer.byteLength(decode(bytes.subarray(0, length))) > chunkBytes) {
    const half = bytes.subarray(0, Math.floor(length / 2));
    length = wholeLength(half) || half.length;
  }
  return length;
}
