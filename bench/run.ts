// `npm run bench -- router`: runs one benchmark, prints its table and writes bench/results/<name>.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

const [name = ''] = process.argv.slice(2);
const known = ['router'];
if (!known.includes(name)) {
  console.error(`There is no benchmark "${name}": choose one of ${known.join(', ')}.`);
  process.exit(1);
}
const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  load: loadavg().map(load => Math.round(load * 100) / 100),
});

const before = machine();
const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<{ tables: Record<string, object[]> }> };
const { tables } = await run();
const after = machine();
for (const [title, rows] of Object.entries(tables)) {
  console.log(`\n${title}`);
  console.table(rows);
}
console.log(
  `\nOther work on this machine shows in the load: ${before.load.join(' ')} before, ${after.load.join(' ')} after, on ${after.cores} cores.`,
);
const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const report = { at: new Date().toISOString(), machine: { ...after, loadBefore: before.load }, tables };
writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(report, undefined, 2)}\n`);
process.exit(0);
