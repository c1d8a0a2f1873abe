import WebSocket from 'ws';

/** The raw socket under one connection. */
export interface Link {
  /** What went wrong below the protocol (refused, unresolved, HTTP status), or empty. */
  readonly problem: string;
  /** Cuts at once, without waiting for the other side. */
  terminate(): void;
  /** Cuts after a second, for when the other side does not answer the close. */
  closeSoon(): void;
}

export interface LinkOptions {
  onLink: (link: Link) => void;
  /** Told the `Date` header of the upgrade before the credential is made. */
  onDate: (date: string | undefined) => void;
}

/** What graphql-ws needs to make its socket. */
export type WebSocketClass = new (address: string, protocols?: string | string[]) => WebSocket;

const handshakeMs = 10_000;
const closeMs = 1_000;
const maxMessageBytes = 8 * 1024 * 1024;

/** A WebSocket class for one graphql-ws client, which shows the socket that the client keeps to itself. */
export function linkSocket(options: LinkOptions): WebSocketClass {
  return class extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols, {
        perMessageDeflate: false,
        handshakeTimeout: handshakeMs,
        maxPayload: maxMessageBytes,
      });
      let problem = '';
      this.on('error', error => {
        problem = error.message;
      });
      this.on('upgrade', response => options.onDate(response.headers.date));
      options.onLink({
        get problem() {
          return problem;
        },
        terminate: () => this.terminate(),
        closeSoon: () => setTimeout(() => this.terminate(), closeMs).unref(),
      });
    }
  };
}
