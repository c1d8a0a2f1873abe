import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** Throws CONFLICT where somebody already listens on the address, before anything else is started. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(explain(error as NodeJS.ErrnoException, { host, port })));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function explain(cause: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): StartError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use. Stop what listens there, or choose another with MUSTER_PORT=…`,
    EACCES: `Port ${port} needs more rights than this user has. Choose one above 1023 with MUSTER_PORT=…`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Choose another with MUSTER_HOST=…`,
  };
  return new StartError(
    'CONFLICT',
    reasons[cause.code ?? ''] ?? `Listening on ${host}:${port} fails: ${cause.message}`,
    { cause },
  );
}
