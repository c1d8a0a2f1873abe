import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exitCode, supervise } from './processes.mjs';
import { environment, programs, projectNode, root } from './project.mjs';

const developedConsole = process.env.MUSTER_PUBLIC_URL ?? 'http://localhost:5173';

/** Runs the services and the console, both reloading on change, under one log; when one ends, so does the other. */
export async function dev(fromSource, args) {
  const reload = sourceFolders().map(folder => `--watch-path=${folder}`);
  const services = [...reload, '--watch-preserve-output', ...fromSource, join('stack', 'src', 'main.ts'), ...args];
  const children = [
    begin('stack', services, {
      cwd: root,
      env: environment({ MUSTER_UI: 'off', MUSTER_PUBLIC_URL: developedConsole }),
    }),
    begin('ui', [join(programs, 'vite'), 'dev'], { cwd: join(root, 'ui'), env: environment() }),
  ];
  return supervise(children, async () => {
    const ends = children.map(exitCode);
    const first = await Promise.race(ends);
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(ends);
    return first;
  });
}

function begin(name, args, options) {
  const child = spawn(projectNode(), args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', line => console.log(`${name.padEnd(6)}| ${line}`));
  }
  return child;
}

function sourceFolders() {
  const subgraphs = readdirSync(join(root, 'subgraphs')).map(name => join('subgraphs', name));
  const packages = ['schema', 'router', 'stack', ...subgraphs];
  return packages.map(folder => join(root, folder, 'src')).filter(existsSync);
}
