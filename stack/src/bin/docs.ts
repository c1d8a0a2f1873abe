// Writes what the code says about itself into docs/; with --check it only tells what is out of date.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDocuments } from '../docs/documents.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const agent = join(root, 'agent', 'src', 'main.ts');
const agentUsage = execFileSync(process.execPath, ['--conditions=source', agent, '--help'], { encoding: 'utf8' });

const stale = generateDocuments(agentUsage).filter(({ path, text }) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is not what the code says: npm run docs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, text } of stale) writeFileSync(join(root, path), text);
  console.log(stale.length === 0 ? 'Nothing has changed.' : `Written: ${stale.map(({ path }) => path).join(', ')}.`);
}
