import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chunkBytes, Output } from './output.ts';
import { SpoolEntry } from './spool.ts';

const at = '2026-01-01T00:00:00.000Z';
let root: string;
let entry: SpoolEntry;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-output-'));
  entry = new SpoolEntry(root, 'c1');
  mkdirSync(entry.folder);
});

afterEach(() => rmSync(root, { recursive: true }));

const write = (stream: string, bytes: string | Uint8Array) => appendFileSync(entry.path(stream), bytes);
const texts = (output: Output) => output.chunksAfter(0, Number.MAX_SAFE_INTEGER).chunks.map(({ text }) => text);

test('numbers chunks over both streams in the order in which they were seen', () => {
  const output = new Output(entry);

  write('stdout', 'a');
  output.advance(at);
  write('stderr', 'b');
  output.advance(at);
  write('stdout', 'c');
  output.finish(at);

  const { chunks } = output.chunksAfter(0, 1_000);
  expect(chunks.map(({ sequence, stream, text }) => [sequence, stream, text])).toEqual([
    [1, 'STDOUT', 'a'],
    [2, 'STDERR', 'b'],
    [3, 'STDOUT', 'c'],
  ]);
});

test('holds back a character until it is whole, whatever the writes', () => {
  const output = new Output(entry);

  for (const byte of Buffer.from('a€😀é')) {
    write('stdout', Uint8Array.of(byte));
    output.advance(at);
  }

  expect(texts(output)).toEqual(['a', '€', '😀', 'é']);
});

test('replaces what is no UTF-8 and NUL, and never exceeds a chunk', () => {
  const output = new Output(entry);

  write('stdout', Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from('ok'), Buffer.alloc(100_000, 0xfe)]));
  write('stderr', Uint8Array.of(0xe2, 0x82));
  output.finish(at);

  const all = texts(output);
  expect(all.join('').startsWith('\uFFFD\uFFFDok\uFFFD')).toBe(true);
  expect(all.at(-1)).toBe('\uFFFD');
  for (const text of all) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(chunkBytes);
  expect(output.isTruncated).toBe(false);
});

test('a later agent numbers alike and drops a record that was cut short', () => {
  const first = new Output(entry);
  write('stdout', 'one ');
  first.advance(at);
  appendFileSync(entry.path('chunks'), '{"sequence":2,"str');

  const second = new Output(entry);
  write('stdout', 'two');
  second.finish(at);

  expect(texts(second)).toEqual(['one ', 'two']);
  expect(readFileSync(entry.path('chunks'), 'utf8').trim().split('\n')).toHaveLength(2);
});

test('keeps head and tail, gives each stream its share and begins at a whole character', () => {
  const output = new Output(entry, { headBytes: 10, tailBytes: 8 });

  write('stdout', '0123456789');
  output.advance(at);
  write('stdout', 'dropped €€');
  write('stderr', 'gone last');
  output.finish(at);

  expect(texts(output)).toEqual(['0123456789', '€', 'last']);
  expect(output.isTruncated).toBe(true);
  expect(output.totalBytes).toBe(10 + 14 + 9);
});

test('a record that could not be written is cut again later', () => {
  const output = new Output(entry);
  write('stdout', 'text');
  mkdirSync(entry.path('chunks'));

  expect(() => output.advance(at)).toThrow();
  rmSync(entry.path('chunks'), { recursive: true });
  output.advance(at);

  expect(texts(output)).toEqual(['text']);
});

test('answers only as many chunks as fit, but at least one', () => {
  writeFileSync(entry.path('stdout'), 'x'.repeat(3 * chunkBytes));
  const output = new Output(entry);
  output.finish(at);

  expect(output.chunksAfter(0, 2 * chunkBytes).chunks.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(output.chunksAfter(2, 1).chunks.map(({ sequence }) => sequence)).toEqual([3]);
});
