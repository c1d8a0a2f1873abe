import { expect, test } from 'vitest';
import { findTree } from './commands/process-tree.ts';
import { AgentBench } from './testing/agent-bench.ts';
import { until } from './testing/facts.ts';

test('a revoked agent ends its commands, stops asking, says so, and does not ask at its next start', async () => {
  await using bench = await AgentBench.start();
  const command = bench.server.queue({ script: 'echo on; sleep 60' });
  await until('it runs', () => command.text() === 'on\n');

  bench.server.signal({ kind: 'REVOKED', commandId: null });

  expect(await bench.agent.exit).toBe(77);
  expect(bench.agent.log).toContain('the server cut this device off');
  expect(findTree({ commandId: command.id, shimPid: -1 })).toEqual([]);
  const { connections } = bench.server;
  expect(await bench.run().exit).toBe(77);
  expect(bench.agent.log).toContain('the server cut this device off');
  expect(bench.server.connections).toBe(connections);
});
