import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

// npm asks the registry for a sign of life before it links the one package of a fake project.
const registry = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
await once(registry.unref(), 'listening');
process.env.npm_config_registry = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;

const bin = fileURLToPath(new URL('../../bin', import.meta.url));
const running = new Set<ChildProcessWithoutNullStreams>();
const projects: string[] = [];

/** Ends what a test left running and removes its projects. */
export async function removeProjects(): Promise<void> {
  for (const child of running) child.kill('SIGKILL');
  for (const project of projects.splice(0)) await rm(project, { recursive: true, force: true, maxRetries: 5 });
}

/** What a fake project has beside services and agent. */
export interface Shape {
  readonly version?: string;
  readonly hasConsole?: boolean;
}

/** A project folder with the real bootstrap, whose services are the given program. */
export async function aProject(main: string, shape: Shape = {}): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'muster-bootstrap-'));
  projects.push(project);
  await cp(bin, join(project, 'stack', 'bin'), { recursive: true });
  await put(join(project, 'stack', 'src', 'main.ts'), main);
  await put(join(project, 'agent', 'src', 'main.ts'), '');
  await put(join(project, 'schema', 'api.graphql'), '');
  await put(join(project, 'loader', 'register.mjs'), '');
  if (shape.hasConsole) {
    await put(join(project, 'ui', 'src', 'page.svelte'), 'first');
    await put(
      join(project, 'ui', 'build.mjs'),
      'import fs from "node:fs"; fs.mkdirSync("build", { recursive: true });',
    );
    await put(join(project, 'ui', 'package.json'), {
      name: 'ui',
      version: '1.0.0',
      scripts: { build: 'node build.mjs' },
    });
  }
  await writeProject(project, shape);
  return project;
}

/** Writes its packages; the loader stands in for @oxc-node/core: npm links it from a folder, without a network. */
export async function writeProject(project: string, { version = '1.0.0', ...shape }: Shape): Promise<void> {
  const workspaces = shape.hasConsole ? ['ui'] : [];
  const dependencies = { '@oxc-node/core': 'file:loader' };
  const scripts = { start: 'exec node stack/bin/bootstrap.mjs start' };
  const loader = { name: '@oxc-node/core', version };
  const exports = { './register': './register.mjs' };
  await put(join(project, 'loader', 'package.json'), { ...loader, exports });
  await put(join(project, 'package.json'), {
    name: 'fake',
    version: '1.0.0',
    type: 'module',
    scripts,
    workspaces,
    dependencies,
  });
  await put(join(project, 'package-lock.json'), {
    name: 'fake',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'fake', version: '1.0.0', workspaces, dependencies },
      loader,
      'node_modules/@oxc-node/core': { resolved: 'loader', link: true },
      ...(shape.hasConsole && { ui: { version: '1.0.0' }, 'node_modules/ui': { resolved: 'ui', link: true } }),
    },
  });
}

async function put(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Runs a command of the bootstrap. */
export function bootstrap(project: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const file = join(project, 'stack', 'bin', 'bootstrap.mjs');
  return watch(spawn(process.execPath, [file, ...args], { cwd: project, env: { ...process.env, ...env } }));
}

/** Collects what a process says and how it ends. */
export function watch(child: ChildProcessWithoutNullStreams) {
  let output = '';
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text));
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, output };
  });
  const says = (pattern: RegExp) => vi.waitFor(() => found(output, pattern), { timeout: 15_000 });
  return { child, ended, says };
}

/** Tells whether a process exists. */
export function isAlive(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

function found(output: string, pattern: RegExp): string {
  const match = output.match(pattern);
  if (!match) throw new Error(`not yet said: ${pattern}\n${output}`);
  return match[1] ?? match[0];
}
