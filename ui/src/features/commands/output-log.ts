import type { OutputChunk } from './commands.ts';

const encoder = new TextEncoder();

/** The output of one command as it is known here: each chunk once, in order, from whichever source it came first. */
export class OutputLog {
  readonly #chunks: OutputChunk[] = [];
  readonly #early = new Map<number, OutputChunk>();
  #lastSequence = 0;
  #byteLength = 0;
  #isIncomplete = false;

  /** Where to go on reading: everything up to here is in the log. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** True when chunks have come whose predecessors have not. */
  get hasGap(): boolean {
    return this.#early.size > 0;
  }

  /** True when chunks are missing that the server does not have either. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }

  /** How much text there is. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Everything in order. */
  get chunks(): readonly OutputChunk[] {
    return this.#chunks;
  }

  /** Takes a chunk and answers with what can be shown now: nothing for a doubled or an early one, several where it closes a gap. */
  accept(chunk: OutputChunk): readonly OutputChunk[] {
    if (chunk.sequence <= this.#lastSequence) return [];
    this.#early.set(chunk.sequence, chunk);
    return this.#drain();
  }

  /** Gives up on a gap that nobody can fill, so that what came after it is seen. */
  skipGap(): readonly OutputChunk[] {
    if (!this.hasGap) return [];
    this.#isIncomplete = true;
    this.#lastSequence = Math.min(...this.#early.keys()) - 1;
    return this.#drain();
  }

  /** The output as text, of one stream or of both, without colours and cursor movements. */
  text(stream?: OutputChunk['stream']): string {
    return this.#chunks
      .filter(chunk => stream === undefined || chunk.stream === stream)
      .map(chunk => withoutControls(chunk.text))
      .join('');
  }

  #drain(): readonly OutputChunk[] {
    const shown: OutputChunk[] = [];
    for (let next = this.#early.get(this.#lastSequence + 1); next; next = this.#early.get(this.#lastSequence + 1)) {
      this.#early.delete(next.sequence);
      this.#lastSequence = next.sequence;
      this.#byteLength += encoder.encode(next.text).length;
      this.#chunks.push(next);
      shown.push(next);
    }
    return shown;
  }
}

// CSI and OSC sequences of terminals.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

function withoutControls(text: string): string {
  return text.replace(controls, '');
}

/** A chunk as the terminal shows it: stderr in amber. */
export function toTerminalText(chunk: OutputChunk): string {
  return chunk.stream === 'STDERR' ? `\u001b[33m${chunk.text}\u001b[39m` : chunk.text;
}
