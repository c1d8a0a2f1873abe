import { join } from 'node:path';
import { capture } from './processes.mjs';
import { environment, programs } from './project.mjs';

const code = ['schema', 'subgraphs', 'router', 'agent', 'ui', 'stack'];
const width = 2;

// The slow ones first, so that two at a time end together.
const steps = [
  ['types of the services', 'tsc', '-b'],
  ['types of the console', 'npm', 'run', '--loglevel=error', '-w', 'ui', 'check'],
  ['schema is what the code says', 'npm', 'run', '--loglevel=error', 'schema', '--', '--check'],
  ['documents are what the code says', 'npm', 'run', '--loglevel=error', 'docs', '--', '--check'],
  ['import rules', 'depcruise', '--config', '.dependency-cruiser.mjs', ...code],
  ['dead code', 'knip'],
  ['lint and format', 'biome', 'check', '.'],
];

/** Runs every step, also after one has failed, and gives 1 when any has. */
export async function check() {
  // what others read of the console is generated
  if (!(await passes(['console prepared', 'npm', 'run', '--silent', '-w', 'ui', 'sync']))) return 1;
  const waiting = [...steps];
  const failed = [];
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) if (!(await passes(step))) failed.push(step[0]);
  };
  await Promise.all(Array.from({ length: width }, work));

  console.log(failed.length === 0 ? '\nEverything is fine.' : `\nNot fine: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

async function passes([title, program, ...args]) {
  const started = Date.now();
  const command = program === 'npm' ? program : join(programs, program);
  const { code: ended, output } = await capture(command, args, { env: environment() });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${ended === 0 ? '✓' : '✗'} ${title} (${seconds} s)`);
  if (ended !== 0) console.log(`  ${[program, ...args].join(' ')}\n${output.trimEnd()}\n`);
  return ended === 0;
}
