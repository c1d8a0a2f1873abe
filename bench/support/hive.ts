import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTITY_HEADER } from '@muster/kit/auth/identity';
import type { Contender } from './contender.ts';
import { SKELETON_KEY } from './fixture.ts';

const PORT = 4_499;
const TICKS_PER_SECOND = 100;
const START_MS = 60_000;

/**
 * Hive Gateway of a folder into which it was installed. Too large to be a dependency for one comparison (half a
 * gigabyte): `npm i @graphql-hive/gateway` in an empty folder, and MUSTER_BENCH_HIVE names it.
 */
export async function startHive(folder: string, supergraph: string): Promise<Contender> {
  const files = mkdtempSync(join(folder, 'muster-bench-'));
  const [graph, config] = [join(files, 'supergraph.graphql'), join(files, 'gateway.config.mjs')];
  writeFileSync(graph, supergraph);
  writeFileSync(
    config,
    `export const gatewayConfig = { logging: false, propagateHeaders: { fromClientToSubgraphs: () => ({ '${IDENTITY_HEADER}': '${SKELETON_KEY}' }) } };`,
  );
  const bin = join(folder, 'node_modules/@graphql-hive/gateway/dist/bin.js');
  const flags = ['--port', `${PORT}`, '--host', '127.0.0.1', '--fork', '1', '--config-path', config];
  const child = spawn(process.execPath, [bin, 'supergraph', graph, ...flags], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${PORT}/graphql`;
  await answers(url);
  return {
    name: 'Hive Gateway',
    url,
    cpu: async () => cpuOf(child.pid),
    stop: () => {
      child.kill('SIGKILL');
      rmSync(files, { recursive: true });
    },
  };
}

/** Microseconds, in steps of 10 ms, as the kernel counts them. */
function cpuOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND) * 1e6;
}

async function answers(url: string): Promise<void> {
  const end = Date.now() + START_MS;
  const body = JSON.stringify({ query: '{ __typename }' });
  const headers = { 'content-type': 'application/json' };
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > end) throw new Error('Hive Gateway does not answer');
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}
