import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where installed programs lie. */
export const programs = join(root, 'node_modules', '.bin');

/** A problem whose message says everything its reader needs. */
export class Refusal extends Error {
  isExpected = true;
}

/** The Node that the project is pinned to, or this one where it is new enough. */
export function projectNode() {
  const own = [join(root, 'node_modules', 'node', 'bin', 'node'), join(programs, 'node')].find(existsSync);
  if (own) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Refusal(
    `Muster runs on Node 24, which npm could not install for ${process.platform}-${process.arch}. ` +
      `Install Node 24 and start again (this is ${process.version}).`,
  );
}

/** The environment of everything that runs after the installation: its programs are found first. */
export function environment(more = {}) {
  return { ...process.env, PATH: [programs, process.env.PATH].join(delimiter), ...more };
}

/** The environment of the installation itself, which must not use the Node that it is about to replace. */
export function bareEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter).filter(each => !each.endsWith(join('node_modules', '.bin')));
  return { ...process.env, PATH: path.join(delimiter) };
}
