import { join } from 'node:path';
import { check } from './check.mjs';
import { ensureConsole } from './console.mjs';
import { dev } from './dev.mjs';
import { ensureInstalled } from './install.mjs';
import { run } from './processes.mjs';
import { environment, programs, projectNode, Refusal } from './project.mjs';

// How Node runs the services from their sources.
const fromSource = ['--conditions=source', '--enable-source-maps', '--import', '@oxc-node/core/register'];

const commands = {
  start: async args => {
    await ensureConsole();
    return node([...fromSource, join('stack', 'src', 'main.ts'), ...args]);
  },
  agent: args => node(['--conditions=source', join('agent', 'src', 'main.ts'), ...args]),
  dev: args => dev(fromSource, args),
  test: async args => {
    await ensureConsole();
    return node([join(programs, 'vitest'), 'run', '-c', join('.config', 'vitest.config.ts'), ...args]);
  },
  check,
};

/** Installs what is missing, runs one command, and gives the exit code it ended with. */
export async function runCommand([name = 'start', ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Refusal(`There is no command "${name}": choose one of ${Object.keys(commands).join(', ')}.`);

  await ensureInstalled();
  return command(args);
}

function node(args) {
  return run(projectNode(), args, { env: environment() });
}
