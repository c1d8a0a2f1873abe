import { describe, expect, test } from 'vitest';
import type { OutputChunk } from './commands.ts';
import { OutputLog, toTerminalText } from './output-log.ts';

const chunk = (
  sequence: number,
  text = `line ${sequence}\n`,
  stream: OutputChunk['stream'] = 'STDOUT',
): OutputChunk => ({
  sequence,
  stream,
  text,
});
const sequences = (chunks: readonly OutputChunk[]) => chunks.map(({ sequence }) => sequence);

describe('OutputLog', () => {
  test('shows each chunk once, in order', () => {
    const log = new OutputLog();

    expect(sequences(log.accept(chunk(1)))).toEqual([1]);
    expect(sequences(log.accept(chunk(2)))).toEqual([2]);
    expect(log.text()).toBe('line 1\nline 2\n');
    expect(log.lastSequence).toBe(2);
  });

  test('drops what a replay brings again', () => {
    const log = new OutputLog();
    for (const sequence of [1, 2, 3, 2, 3, 1]) log.accept(chunk(sequence));

    expect(sequences(log.chunks)).toEqual([1, 2, 3]);
  });

  test('goes on behind the last chunk after a lost connection', () => {
    const log = new OutputLog();
    const served = Array.from({ length: 20 }, (_, index) => chunk(index + 1));
    for (const each of served.slice(0, 7)) log.accept(each);
    for (const each of served.filter(({ sequence }) => sequence > log.lastSequence)) log.accept(each);

    expect(sequences(log.chunks)).toEqual(sequences(served));
  });

  test('holds an early chunk back until the gap before it is closed', () => {
    const log = new OutputLog();
    log.accept(chunk(1));

    expect(log.accept(chunk(4))).toEqual([]);
    expect(log.accept(chunk(3))).toEqual([]);
    expect(log.hasGap).toBe(true);
    expect(sequences(log.accept(chunk(2)))).toEqual([2, 3, 4]);
    expect(log.hasGap).toBe(false);
    expect(log.isIncomplete).toBe(false);
  });

  test('shows what comes after a gap that nobody can fill, and says so', () => {
    const log = new OutputLog();
    log.accept(chunk(1));
    log.accept(chunk(5));
    log.accept(chunk(6));

    expect(sequences(log.skipGap())).toEqual([5, 6]);
    expect(log.lastSequence).toBe(6);
    expect(log.isIncomplete).toBe(true);
    expect(log.skipGap()).toEqual([]);
  });

  test('counts bytes, not characters', () => {
    const log = new OutputLog();
    log.accept(chunk(1, 'é€'));

    expect(log.byteLength).toBe(5);
  });

  test('gives the text of one stream, without colours', () => {
    const log = new OutputLog();
    log.accept(chunk(1, '\u001b[1;32mok\u001b[0m\n'));
    log.accept(chunk(2, 'oh no\n', 'STDERR'));
    log.accept(chunk(3, '\u001b]0;title\u0007done\n'));

    expect(log.text('STDERR')).toBe('oh no\n');
    expect(log.text('STDOUT')).toBe('ok\ndone\n');
  });

  test('marks stderr for the terminal', () => {
    expect(toTerminalText(chunk(1, 'x', 'STDERR'))).toBe('\u001b[33mx\u001b[39m');
    expect(toTerminalText(chunk(1, 'x'))).toBe('x');
  });
});
