import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readText } from '../files.ts';
import { AgentBench } from './agent-bench.ts';
import { until } from './facts.ts';

/**
 * Prints what an idle, connected agent costs, from its source and as the bundle:
 * node --conditions=source agent/src/testing/footprint.ts [--seconds 120] [--settle 30] [--refresh 0]
 *   [--only source|bundle] [--flag NODE_FLAG]…
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    settle: { type: 'string', default: '30' },
    refresh: { type: 'string', default: '0' },
    only: { type: 'string' },
    flag: { type: 'string', multiple: true, default: [] },
  },
});

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const programs = {
  source: [...values.flag, '--conditions=source', here('../main.ts')],
  bundle: [...values.flag, here('../../dist/muster-agent.mjs')],
};

for (const [name, program] of Object.entries(programs)) {
  if (values.only && values.only !== name) continue;
  process.stdout.write(`${JSON.stringify({ program: name, node: process.version, ...(await measure(program)) })}\n`);
}

async function measure(program: readonly string[]) {
  await using bench = await AgentBench.empty({ program });
  bench.run();
  await bench.present();
  await until('its inventory is there', () => bench.server.inventory.length >= 10);
  // As after so many rounds of five minutes.
  for (let round = 1; round <= Number(values.refresh); round++) {
    bench.server.signal({ kind: 'REFRESH_INVENTORY', commandId: null });
    const updates = () => bench.server.inventory.filter(({ section }) => section === 'UPDATES').length;
    await until('its inventory came again', () => updates() >= round, 120_000);
  }
  await sleep(Number(values.settle) * 1_000);
  const { pid } = bench.agent;
  const [before, began] = [cpuMs(pid), performance.now()];
  await sleep(Number(values.seconds) * 1_000);
  const [usedMs, overMs] = [cpuMs(pid) - before, performance.now() - began];
  return {
    seconds: Math.round(overMs / 1_000),
    cpuMs: Math.round(usedMs),
    cpuPercent: Number(((usedMs / overMs) * 100).toFixed(4)),
    ...memory(pid),
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}

/** Processor time of all threads, to the nanosecond where the kernel counts so. */
function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map(id => Number(readText(`/proc/${pid}/task/${id}/schedstat`)?.split(' ')[0] ?? 0));
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** In MiB: what is resident, what of it nobody shares, and what of that is no file. */
function memory(pid: number) {
  const text = readText(`/proc/${pid}/smaps_rollup`) ?? '';
  const of = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const mebibytes = (kibibytes: number) => Number((kibibytes / 1024).toFixed(1));
  return {
    rssMiB: mebibytes(of('Rss')),
    privateMiB: mebibytes(of('Private_Clean') + of('Private_Dirty')),
    anonymousMiB: mebibytes(of('Anonymous')),
  };
}
