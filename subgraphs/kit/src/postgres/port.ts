import { once } from 'node:events';
import { createServer } from 'node:net';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Guarantees that the wished loopback port is free at this moment, or finds any free one. */
export async function choosePort(wished = 0): Promise<number> {
  const server = createServer().listen(wished, '127.0.0.1');
  try {
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : wished;
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'port-in-use',
      `PostgreSQL cannot listen on 127.0.0.1:${wished}: the port is taken by another program. Choose another port.`,
      { cause },
    );
  } finally {
    server.close();
  }
}
