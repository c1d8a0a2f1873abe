/** A gateway in the comparison: where it answers, and how much processor time (µs) it has used. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  cpu(): Promise<number>;
  stop(): void;
}
