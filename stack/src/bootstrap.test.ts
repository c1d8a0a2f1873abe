import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { aProject, bootstrap, removeProjects, writeProject } from './testing/fake-project.ts';

afterEach(removeProjects);

test('installs at the first start only, and passes arguments and exit code on', async () => {
  const project = await aProject('console.log("given", process.argv.slice(2)); process.exitCode = 7;');

  const first = await bootstrap(project, ['start', '--agent']).ended;
  const second = await bootstrap(project, ['start', '--agent']).ended;

  expect(first.output).toMatch(/^Installing, once …\n.*Installed in \d+ s\.\ngiven \[ '--agent' \]\n$/s);
  expect(second).toEqual({ code: 7, output: "given [ '--agent' ]\n" });
});

test('installs again when package-lock.json has changed', async () => {
  const project = await aProject('');
  await bootstrap(project, ['start']).ended;

  await writeProject(project, { version: '2.0.0' });
  const next = await bootstrap(project, ['start']).ended;

  expect(next.output).toContain('Updating the installation …');
});

test('repairs an installation that was interrupted, but trusts one that npm finished by hand', async () => {
  const project = await aProject('');
  await bootstrap(project, ['start']).ended;
  const modules = join(project, 'node_modules');

  await rm(join(modules, '.muster-install'));
  const byHand = await bootstrap(project, ['start']).ended;
  await rm(join(modules, '.muster-install'));
  await rm(join(modules, '.package-lock.json'));
  const interrupted = await bootstrap(project, ['start']).ended;

  expect(byHand.output).toBe('');
  expect(interrupted.output).toContain('Installing, once …');
  expect(interrupted.code).toBe(0);
});

test('lets one of two starts at the same time install while the other waits', async () => {
  const project = await aProject('console.log("up");');

  const both = await Promise.all([1, 2].map(() => bootstrap(project, ['start']).ended));

  const output = both.map(each => each.output).join('');
  expect(both.map(each => each.code)).toEqual([0, 0]);
  expect(output.match(/Installing, once …/g)).toHaveLength(1);
  expect(output.match(/^up$/gm)).toHaveLength(2);
});

test('takes over the installation of a start that died', async () => {
  const project = await aProject('console.log("up");');
  const dead = spawn('true');
  await once(dead, 'exit');
  await mkdir(join(project, '.muster'));
  await writeFile(join(project, '.muster', 'install.lock'), `${dead.pid} dead`);

  const start = await bootstrap(project, ['start']).ended;

  expect(start.output).toMatch(/^up$/m);
  expect(existsSync(join(project, '.muster', 'install.lock'))).toBe(false);
});

test('says in plain words and at once that the registry cannot be reached', async () => {
  const project = await aProject('');

  const start = await bootstrap(project, ['start'], { npm_config_registry: 'http://127.0.0.1:9/' }).ended;

  expect(start.code).toBe(1);
  expect(start.output).toContain('the npm registry is not reachable from here (ECONNREFUSED)');
  expect(start.output).not.toMatch(/^\s+at /m);
});

test('builds the console when it is missing or stale, and not with MUSTER_UI=off', async () => {
  const project = await aProject('', { hasConsole: true });
  const source = join(project, 'ui', 'src', 'page.svelte');

  const off = await bootstrap(project, ['start'], { MUSTER_UI: 'off' }).ended;
  const first = await bootstrap(project, ['start']).ended;
  const second = await bootstrap(project, ['start']).ended;
  await writeFile(source, 'changed');
  const third = await bootstrap(project, ['start']).ended;

  const built = [off, first, second, third].map(each => each.output.includes('Building the console'));
  expect(built).toEqual([false, true, false, true]);
  expect(third.code).toBe(0);
});

test('shows why the console cannot be built and does not start', async () => {
  const project = await aProject('console.log("up");', { hasConsole: true });
  await writeFile(join(project, 'ui', 'build.mjs'), 'console.error("no such token"); process.exit(1);');

  const start = await bootstrap(project, ['start']).ended;

  expect(start.code).toBe(1);
  expect(start.output).toContain('no such token');
  expect(start.output).not.toMatch(/^up$/m);
});

test.each([
  [{ versions: { node: '18.20.0' } }, 'needs Node 20 or newer'],
  [{ platform: 'win32' }, 'runs on Linux and macOS'],
])('refuses %j before anything else', async (facts, message) => {
  const project = await aProject('');
  const properties = Object.entries(facts).map(([name, value]) => [name, { value }]);
  const lie = `Object.defineProperties(process, ${JSON.stringify(Object.fromEntries(properties))})`;

  const start = await bootstrap(project, ['start'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(lie)}`,
  }).ended;

  expect(start.code).toBe(1);
  expect(start.output).toContain(message);
  expect(existsSync(join(project, 'node_modules'))).toBe(false);
});

test('names the commands that there are', async () => {
  const project = await aProject('');

  const { code, output } = await bootstrap(project, ['fly']).ended;

  expect(code).toBe(1);
  expect(output).toContain('There is no command "fly": choose one of start, agent, dev, test, check.');
});
