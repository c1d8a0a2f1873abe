import type { IncomingMessage } from 'node:http';
import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from './log.ts';

/** A socket and the request it began with, as graphql-ws hands them to its hooks. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

const CLOSE_DEFECT = 4500;

/** Ties a ws socket to a graphql-ws server: silent sockets are ended, and errors go to the log instead of the console. */
export function attachSocket(
  server: Server<SocketExtra>,
  extra: SocketExtra,
  { pingMs, log }: { pingMs: number; log: Log },
): void {
  const { socket } = extra;
  const onClosed = server.opened(
    {
      protocol: socket.protocol,
      send: data => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: handle => {
        socket.on('message', data => {
          handle(String(data)).catch((error: unknown) => {
            log.error({ err: error }, 'defect');
            socket.close(CLOSE_DEFECT, 'Internal error');
          });
        });
      },
    },
    extra,
  );
  const ping = keepAlive(socket, pingMs);
  // ws closes the socket itself and names the reason in its close code
  socket.on('error', error => log.debug({ err: error }, 'socket failed'));
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    onClosed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'defect'));
  });
}

/** Resolves when the bytes have left this process, so that a slow reader slows its own events only. */
function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise(resolve => {
    if (socket.readyState !== socket.OPEN) return resolve();
    // a failed write ends the socket, which is told elsewhere
    socket.send(data, () => resolve());
  });
}

/** A peer that does not answer a ping until the next one is gone. */
function keepAlive(socket: WebSocket, pingMs: number): NodeJS.Timeout {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  return setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, pingMs);
}
