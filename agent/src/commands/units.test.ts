import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { testPath } from '../testing/agent-process.ts';
import { until } from '../testing/facts.ts';
import { aJob } from '../testing/test-command.ts';
import { installShim, launch, type ShimHost } from './launch.ts';
import { endTree } from './process-tree.ts';
import { Spool, type SpoolEntry } from './spool.ts';
import { findUnits, unitArguments, unitMembers } from './units.ts';

const noLimits = { memoryMax: null, tasksMax: null };
let root: string;
let entry: SpoolEntry;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'muster-units-'));
  entry = await new Spool(join(root, 'spool')).create(aJob({ deviceId: 'd' }));
});

afterEach(async () => {
  await endTree({ commandId: entry.id, shimPid: -1 }, { termMs: 0, killMs: 3_000 });
  rmSync(root, { recursive: true });
});

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Stands in for systemd-run, of which this machine has no working one: takes the options and runs the rest on its own. */
function aSystemdRun(behaviour: string): string {
  put('bin/systemd-run', `#!/bin/sh\nprintf '%s\\n' "$@" >>${root}/asked\n${behaviour}\n`);
  chmodSync(join(root, 'bin/systemd-run'), 0o755);
  return `${join(root, 'bin')}:${testPath}`;
}

const runs = `
while [ "$1" != -- ]; do
  case $1 in --setenv=*) export "\${1#--setenv=}" ;; esac
  shift
done
shift
setsid "$@" </dev/null >/dev/null 2>&1 &`;

test('uses units only where systemd runs the system, the agent is root and a first unit starts', async () => {
  const path = aSystemdRun('exit 0');
  const find = (changes = {}) => findUnits({ path, limits: noLimits, root, uid: 0, ...changes });

  expect(await find()).toBe(null);
  put('proc/1/comm', 'tini\n');
  mkdirSync(join(root, 'run/systemd/system'), { recursive: true });
  expect(await find()).toBe(null);
  expect(existsSync(join(root, 'asked'))).toBe(false);

  put('proc/1/comm', 'systemd\n');
  expect(await find()).toMatchObject({ program: join(root, 'bin/systemd-run') });
  expect(await find({ uid: 1_000 })).toBe(null);
  expect(await find({ path: '/nonexistent' })).toBe(null);
  aSystemdRun('exit 1');
  expect(await find()).toBe(null);
});

test('names the unit, limits it, and lets nothing of the command line be read as a variable', () => {
  const line = ['/bin/sh', '/data $HOME/shim.sh'];
  const command = { commandId: 'c1', environment: { PATH: '/bin' }, errorFile: '/spool/c1/shim', line };

  expect(unitArguments(command, { memoryMax: '2G', tasksMax: '512' })).toEqual([
    '--quiet',
    '--collect',
    '--no-ask-password',
    '--unit=muster-command-c1.service',
    '--slice=system.slice',
    '--service-type=exec',
    '--property=KillMode=process',
    '--property=OOMPolicy=continue',
    '--property=StandardOutput=null',
    '--property=StandardError=append:/spool/c1/shim',
    '--property=MemoryMax=2G',
    '--property=TasksMax=512',
    '--setenv=PATH=/bin',
    '--',
    '/bin/sh',
    '/data $$HOME/shim.sh',
  ]);
  expect(unitArguments(command, noLimits).join(' ')).not.toMatch(/MemoryMax|TasksMax/);
});

test('a command in a unit is known by the files of its shim alone', async () => {
  const host = aHost(aSystemdRun(runs));

  const launched = await launch({ entry, line: ['/bin/sh', '-c', 'echo out; exit 4'], timeoutSeconds: 60 }, host);
  await until('it ended', () => entry.readExit() !== null);

  expect(launched).toBe(null);
  expect(entry.readExit()).toBe(4);
  expect(readFileSync(entry.path('stdout'), 'utf8')).toBe('out\n');
  expect(entry.readShim()?.pid).toBeGreaterThan(1);
});

test('a command whose unit does not start never runs, also when systemd starts it later', async () => {
  const host = aHost(aSystemdRun(`(sleep 0.3; ${runs.trim().slice(0, -1)}; : >${root}/late) >/dev/null 2>&1 & exit 1`));

  const launching = launch({ entry, line: ['/usr/bin/touch', join(root, 'ran')], timeoutSeconds: 60 }, host);

  await expect(launching).rejects.toThrow('systemd did not start the command');
  await until('systemd started it after all', () => existsSync(join(root, 'late')));
  expect(existsSync(join(root, 'ran'))).toBe(false);
});

test('a unit that runs although systemd-run failed is followed', async () => {
  const host = aHost(aSystemdRun(`${runs}\nwhile ! [ -s ${entry.path('pid')} ]; do sleep 0.05; done; exit 1`));

  await launch({ entry, line: ['/bin/true'], timeoutSeconds: 60 }, host);

  await until('it ended', () => entry.readExit() !== null);
});

function aHost(path: string): ShimHost {
  const file = join(root, 'shim.sh');
  installShim(file);
  return { file, path: testPath, units: { program: join(path.split(':')[0] ?? '', 'systemd-run'), limits: noLimits } };
}

test.each(['', 'unified/', 'systemd/'])('finds the processes of a unit in the hierarchy "%s"', hierarchy => {
  put(`sys/fs/cgroup/${hierarchy}system.slice/muster-command-c1.service/cgroup.procs`, '12\n34\n');

  expect([...unitMembers('c1', root)]).toEqual([12, 34]);
  expect([...unitMembers('c2', root)]).toEqual([]);
});

test('reads limits and refuses what is none', () => {
  const read = (env: Record<string, string>) => readConfig(['--server', 'http://x'], env);

  expect(read({}).config?.unitLimits).toEqual(noLimits);
  expect(read({ MUSTER_AGENT_COMMAND_UNITS: '0' }).config?.unitLimits).toBe(null);
  const limits = { MUSTER_AGENT_COMMAND_MEMORY_MAX: '50%', MUSTER_AGENT_COMMAND_TASKS_MAX: '512' };
  expect(read(limits).config?.unitLimits).toEqual({ memoryMax: '50%', tasksMax: '512' });
  for (const bad of ['0', '-1', '2 G', '200%', 'x'])
    expect(read({ MUSTER_AGENT_COMMAND_MEMORY_MAX: bad }).problems).toHaveLength(1);
});
