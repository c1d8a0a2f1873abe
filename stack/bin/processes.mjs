import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { Refusal, root } from './project.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const askAgainAfter = 5_000;
const killAfter = 10_000;
const parent = process.ppid;

/** Runs a program in this terminal, passing signals on, and gives its exit code. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  return supervise([child], () => exitCode(child));
}

/** Runs a program, passing signals on, and gives its exit code with everything it said. */
export async function capture(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text));
  const code = await supervise([child], () => exitCode(child));
  return { code, output };
}

/** Passes each signal on to the children once for as long as the work takes. */
export async function supervise(children, work) {
  const seen = new Set();
  const timers = [];
  const kill = signal => children.forEach(child => void child.kill(signal));
  const pass = signal => {
    if (seen.has(signal)) return; // npm repeats the Ctrl-C that this process already got from the terminal
    seen.add(signal);
    if (!hasReachedChildren(signal)) kill(signal);
    timers.push(setTimeout(kill, askAgainAfter, 'SIGTERM'), setTimeout(kill, killAfter, 'SIGKILL'));
  };
  for (const signal of signals) process.on(signal, pass);
  const watch = setInterval(() => isAbandoned() && pass('SIGTERM'), 250);
  try {
    return await work();
  } finally {
    timers.forEach(clearTimeout);
    clearInterval(watch);
    for (const signal of signals) process.off(signal, pass);
  }
}

/** Waits for a child's end and gives its exit code, in the way of a shell when a signal ended it. */
export async function exitCode(child) {
  const [code, signal] = await once(child, 'close').catch(error => {
    throw error.code === 'ENOENT' ? new Refusal(`The program ${error.path} is not installed.`) : error;
  });
  return code ?? 128 + constants.signals[signal];
}

// Killing npm, or the shell between, does not reach this process: it would run on with nobody to stop it.
function isAbandoned() {
  return process.env.npm_lifecycle_event !== undefined && process.ppid !== parent;
}

// A terminal sends Ctrl-C to the whole foreground group: the children have it already.
function hasReachedChildren(signal) {
  return signal === 'SIGINT' && isInForeground();
}

function isInForeground() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return terminal !== '0' && group === foreground;
  } catch {
    return process.stdin.isTTY === true; // no /proc: not Linux
  }
}
