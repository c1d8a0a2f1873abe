/** The server's time as the device knows it: its own clock plus the offset learnt at each connection. */
export class Clock {
  #offset = 0;

  /** Milliseconds since 1970 by the server's clock. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** The same moment in RFC 3339. */
  iso(at = this.now()): string {
    return new Date(at).toISOString();
  }

  /** RFC 3339 by the server's clock of a moment by the device's. */
  fromLocal(at: number): string {
    return this.iso(at + this.#offset);
  }

  /** Learns the offset from the `Date` header of an answer, which is good to a second. */
  adoptHeader(date: string | undefined): void {
    const at = Date.parse(date ?? '');
    // Half a second is the middle of the second that the header names; a smaller difference is no knowledge.
    if (Number.isFinite(at) && Math.abs(at + 500 - this.now()) > 1_000) this.#offset = at + 500 - Date.now();
  }

  /** Learns the offset from the payload of `connection_ack`, which is good to the network delay. */
  adoptAcknowledgement(payload: unknown): void {
    const at = Date.parse(String((payload as { serverTime?: unknown } | undefined)?.serverTime));
    if (Number.isFinite(at)) this.#offset = at - Date.now();
  }
}
