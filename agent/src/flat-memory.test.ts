import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';
import { Clock } from './clock.ts';
import { Connection } from './connection.ts';
import { createLog } from './log.ts';
import { until } from './testing/facts.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Does not wait, and counts how often it was asked. */
class Impatience extends Backoff {
  count = 0;

  override next(): number {
    this.count++;
    return 0;
  }
}

function retainedBytes(): number {
  for (let round = 0; round < 3; round++) collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

test('ten thousand attempts to connect leave nothing behind', { timeout: 120_000 }, async () => {
  const lines: string[] = [];
  const backoff = new Impatience();
  const connection = new Connection({
    url: `ws://127.0.0.1:${await closedPort()}/graphql`,
    clock: new Clock(),
    log: createLog(line => lines.push(line)),
    credential: () => 'never asked for',
    timing: { backoff },
  });

  connection.start();
  await until('it is warm', () => backoff.count >= 2_000, 60_000);
  const before = retainedBytes();
  const from = backoff.count;
  await until('it tried ten thousand times', () => backoff.count >= from + 10_000, 100_000);
  const growth = retainedBytes() - before;
  await connection.stop();

  // Twenty bytes an attempt would be 200 kB; what the engine itself learns meanwhile is less than that.
  expect(growth).toBeLessThan(200_000);
  expect(lines).toHaveLength(1);
});
