import { fetchOnce } from '#graph/client.ts';
import type { Problem } from '#graph/errors.ts';
import { live } from '#graph/live.ts';
import { commandOutputQuery, commandOutputSubscription, type OutputChunk } from './commands.ts';
import { OutputLog } from './output-log.ts';

const reopenMilliseconds = 1000;

/** Follows the output of one command: from the first chunk, across reconnections, to the last one. */
export class CommandOutput {
  readonly log = new OutputLog();
  /** Grows with new output, once a frame at most. */
  version = $state(0);
  problem = $state.raw<Problem>();
  readonly #commandId: string;
  readonly #listeners = new Set<(chunks: readonly OutputChunk[]) => void>();
  #isCommandOver = false;
  #isClosed = false;
  #isCatchingUp = false;
  #isFrameAsked = false;
  #stop: () => void = () => {};

  constructor(commandId: string) {
    this.#commandId = commandId;
  }

  /** Starts to follow; the returned function ends it. */
  open(): () => void {
    this.#follow();
    return () => {
      this.#isClosed = true;
      this.#stop();
    };
  }

  /** Calls back with each new piece, in order, once. */
  listen(listener: (chunks: readonly OutputChunk[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The command has ended: whatever the stream has not brought is read. */
  async finish(): Promise<void> {
    this.#isCommandOver = true;
    await this.#catchUp();
  }

  #follow(): void {
    this.#stop = live.subscribe(
      {
        document: commandOutputSubscription,
        // Read at every reconnection: the stream goes on behind what is here.
        variables: () => ({ commandId: this.#commandId, after: this.log.lastSequence }),
      },
      {
        next: ({ commandOutput }) => this.#take([commandOutput]),
        problem: problem => {
          this.problem = problem;
        },
        complete: () => this.#reopen(),
      },
    );
  }

  #take(chunks: readonly OutputChunk[]): void {
    const shown = chunks.flatMap(chunk => this.log.accept(chunk));
    this.#show(shown);
    if (this.log.hasGap) void this.#catchUp();
  }

  #show(chunks: readonly OutputChunk[]): void {
    if (chunks.length === 0) return;
    for (const listener of this.#listeners) listener(chunks);
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    requestAnimationFrame(() => {
      this.#isFrameAsked = false;
      this.version += 1;
    });
  }

  // The stream of a command that is not over ends when a server stops in order: it will be back.
  #reopen(): void {
    if (this.#isCommandOver || this.#isClosed) return;
    setTimeout(() => {
      if (!this.#isCommandOver && !this.#isClosed) this.#follow();
    }, reopenMilliseconds);
  }

  async #catchUp(): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    try {
      await this.#readCommitted();
    } finally {
      this.#isCatchingUp = false;
    }
  }

  async #readCommitted(): Promise<void> {
    for (;;) {
      const { data, problem } = await fetchOnce(commandOutputQuery, {
        id: this.#commandId,
        after: this.log.lastSequence,
      });
      if (this.#isClosed) return;
      const output = data?.command?.output;
      if (problem) this.problem = problem;
      if (!output) return;
      this.problem = undefined;
      const before = this.log.lastSequence;
      this.#show(output.nodes.flatMap(chunk => this.log.accept(chunk)));
      if (output.pageInfo.hasNextPage && this.log.lastSequence > before) continue;
      // The server has said all it has: what is missing now is missing there.
      if (this.log.hasGap) this.#show(this.log.skipGap());
      return;
    }
  }
}
