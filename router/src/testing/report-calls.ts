// Loaded before a process under test: tells on stderr of every name it looks up and every request it makes with
// node:http, which the router itself does with undici to addresses only.
import { subscribe } from 'node:diagnostics_channel';

const report = (text: string) => process.stderr.write(`CALLS ${text}\n`);

subscribe('net.client.socket', message => {
  const { socket } = message as { socket: NodeJS.EventEmitter };
  socket.once('lookup', (...[, , , host]) => report(`name ${host}`));
});
subscribe('http.client.request.start', message => {
  const { request } = message as { request: { host: string } };
  report(`request ${request.host}`);
});
