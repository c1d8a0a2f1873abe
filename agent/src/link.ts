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

/**
 * What makes the socket of one graphql-ws client, and shows the socket that the client keeps to itself. No class of its own
 * for each connection: the engine would learn its shape anew each time and forget it slowly.
 */
export function linkSocket(options: LinkOptions): WebSocketClass {
  function Linked(address: string, protocols?: string | string[]) {
    return new LinkedSocket(address, protocols, options);
  }
  const { CONNECTING, OPEN, CLOSING, CLOSED } = WebSocket;
  return Object.assign(Linked, { CONNECTING, OPEN, CLOSING, CLOSED }) as unknown as WebSocketClass;
}

class LinkedSocket extends WebSocket implements Link {
  problem = '';

  constructor(address: string, protocols: string | string[] | undefined, { onLink, onDate }: LinkOptions) {
    super(address, protocols, {
      perMessageDeflate: false,
      handshakeTimeout: handshakeMs,
      maxPayload: maxMessageBytes,
    });
    this.on('error', error => {
      this.problem = error.message;
    });
    this.on('upgrade', response => onDate(response.headers.date));
    onLink(this);
  }

  closeSoon(): void {
    setTimeout(() => this.terminate(), closeMs).unref();
  }
}
