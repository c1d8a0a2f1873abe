import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { capture, run } from './processes.mjs';
import { bareEnvironment, Refusal, root } from './project.mjs';

const stampFile = join(root, 'node_modules', '.muster-install');
// `npm ci` refuses a lock file that lacks optional packages of other platforms, which mirrors often do not have.
const npmInstall = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
const complete = ['--include=dev', '--include=optional'];
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONN(?:REFUSED|RESET)|ETIMEDOUT|E(?:HOST|NET)UNREACH|ERR_SOCKET_TIMEOUT|\w*CERT\w*)\b/;

/** Guarantees that node_modules is what package-lock.json says, for this platform. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await withLock(join(root, '.muster', 'install.lock'), 'installing', async () => {
    if (!isInstalled()) await install();
  });
}

function isInstalled() {
  const stamp = stampOf(readText('package-lock.json'));
  if (read(stampFile) === stamp) return true;
  if (!isInstalledByNpm()) return false;
  writeFileSync(stampFile, stamp);
  return true;
}

function stampOf(lock) {
  return `${process.platform}-${process.arch} ${createHash('sha256').update(lock).digest('hex')}\n`;
}

// Somebody who ran npm by hand need not wait for it again. npm writes its own list when everything is in place,
// so an interrupted installation has none.
function isInstalledByNpm() {
  const list = read(join(root, 'node_modules', '.package-lock.json'));
  if (!list) return false;
  const installed = JSON.parse(list).packages;
  const wanted = Object.entries(JSON.parse(readText('package-lock.json')).packages);
  return wanted.every(([path, { version, optional }]) => {
    if (path === '' || (optional && !installed[path])) return true;
    return installed[path] !== undefined && installed[path].version === version;
  });
}

async function install() {
  console.log(existsSync(stampFile) ? 'Updating the installation …' : 'Installing, once …');
  const started = Date.now();
  await requireRegistry();
  clear();
  const code = await run('npm', [...npmInstall, ...complete], { env: bareEnvironment() });
  if (code !== 0) throw await whyNot(code);

  writeFileSync(stampFile, stampOf(readText('package-lock.json')));
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

// Asked first, because npm itself tries every package again and again for minutes before it gives up.
async function requireRegistry() {
  const once = ['--fetch-retries=0', '--fetch-timeout=15000', '--loglevel=error'];
  const { output } = await capture('npm', ['ping', ...once], { env: bareEnvironment() });
  const [problem] = output.match(unreachable) ?? [];
  if (!problem) return;
  throw new Refusal(
    `Muster cannot be installed: the npm registry is not reachable from here (${problem}).\n` +
      'Check the network, the proxy and the certificates (`npm ping` tells when it works), then start again.',
  );
}

// Without a stamp nobody knows what an interrupted installation left: only an empty folder is known to be right.
function clear() {
  if (!existsSync(stampFile)) {
    for (const folder of foldersOfModules()) rmSync(join(root, folder), { recursive: true, force: true });
  }
  rmSync(stampFile, { force: true });
}

function foldersOfModules() {
  const paths = Object.keys(JSON.parse(readText('package-lock.json')).packages);
  const folders = paths.map(path => path.match(/^([^/]+\/)*?node_modules(?=\/)/)?.[0]);
  return new Set(folders.filter(Boolean));
}

async function whyNot(code) {
  await requireRegistry();
  return new Refusal(`Muster cannot be installed: npm ended with ${code}; what it said is above.`);
}

function readText(name) {
  return readFileSync(join(root, name), 'utf8');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
