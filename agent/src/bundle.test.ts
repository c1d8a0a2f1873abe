import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { AgentBench } from './testing/agent-bench.ts';
import { until } from './testing/facts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bundle = here('../dist/muster-agent.mjs');

beforeAll(() => {
  execFileSync(process.execPath, [here('../bundle.mjs')]);
});

test('is one small file without a GraphQL implementation, and its manifest names it', () => {
  const text = readFileSync(bundle);
  const manifest = JSON.parse(readFileSync(here('../dist/manifest.json'), 'utf8'));

  expect(text.length).toBeLessThanOrEqual(100 * 1024);
  expect(text.toString()).not.toMatch(/GraphQLObjectType|from"(?!node:)/);
  expect(manifest).toMatchObject({
    file: 'muster-agent.mjs',
    size: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
});

test('enrols, comes back after a cut and runs commands, with nothing beside it', async () => {
  await using bench = await AgentBench.empty({ program: [bundle] });
  bench.run();
  await bench.present();
  const { connections } = bench.server;

  bench.server.cut();
  await until('it came back', () => bench.server.connections > connections && bench.server.signals.count > 0);
  const command = bench.server.queue({ script: 'echo out; exit 3' });
  const finished = await until('it ended', () => command.finished);

  expect(finished).toMatchObject({ status: 'FAILED', exitCode: 3 });
  expect(command.text()).toBe('out\n');
});
