import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, errorCatalogue, findAppError } from '@muster/kit/errors';
import type { Log } from '@muster/kit/log';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Credential, credentialOf } from '../access/credentials.ts';

/** A socket that may begin: the request, and the credential that it carried. */
export interface Upgraded {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly credential: Credential | undefined;
}

const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Turns upgrades of /graphql into sockets; everything else, and a cookie that another site sends, gets an HTTP error. */
export function acceptUpgrades(
  server: HttpServer,
  { log, onSocket }: { log: Log; onSocket: (upgraded: Upgraded) => void },
): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: offered => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  // agents set their clock offset by it before they make a token
  sockets.on('headers', headers => headers.push(`Date: ${new Date().toUTCString()}`));
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', error => log.debug({ err: error }, 'upgrade failed'));
    try {
      const credential = credentialOf(requireGraphql(request));
      sockets.handleUpgrade(request, stream, head, socket => onSocket({ socket, request, credential }));
    } catch (error) {
      refuse(stream, findAppError(error) ?? new AppError('INTERNAL', 'Something went wrong inside Muster.'));
    }
  });
  return sockets;
}

function requireGraphql(request: IncomingMessage): IncomingMessage {
  const [path] = (request.url ?? '').split('?');
  if (path !== '/graphql') throw new AppError('BAD_USER_INPUT', 'WebSockets are served at /graphql.');
  return request;
}

function refuse(stream: Duplex, { code, message, extensions }: AppError): void {
  const { status } = errorCatalogue[code];
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
