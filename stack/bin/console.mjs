import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { capture } from './processes.mjs';
import { environment, Refusal, root } from './project.mjs';

const ui = join(root, 'ui');
const stampFile = join(ui, 'build', '.stamp');

/** Guarantees that ui/build is made of the present sources, unless MUSTER_UI=off. */
export async function ensureConsole() {
  if (process.env.MUSTER_UI === 'off' || !existsSync(join(ui, 'src')) || isBuilt()) return;
  await withLock(join(root, '.muster', 'console.lock'), 'building the console', async () => {
    if (!isBuilt()) await build();
  });
}

function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hashOfSources();
}

async function build() {
  process.stdout.write('Building the console … ');
  const started = Date.now();
  const stamp = hashOfSources(); // taken first: what changes meanwhile makes the build stale
  const { code, output } = await capture('npm', ['run', '--loglevel=error', '-w', 'ui', 'build'], {
    env: environment(),
  });
  if (code !== 0) throw new Refusal(`failed:\n${output}`);

  writeFileSync(stampFile, stamp);
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

function hashOfSources() {
  const settings = readdirSync(ui, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(ui, entry.name));
  const shared = [join(root, 'schema', 'api.graphql'), join(root, 'package-lock.json')];
  const files = [...filesIn(join(ui, 'src')), ...filesIn(join(ui, 'static')), ...settings, ...shared].sort();
  const hash = createHash('sha256');
  for (const file of files.filter(isSource)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name));
}

// What the build writes itself, and what it does not read, must not make it stale.
function isSource(file) {
  return existsSync(file) && !/(graphql-(env|cache)\.d|\.test)\.ts$|\.tsbuildinfo$/.test(file);
}
