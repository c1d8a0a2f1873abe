import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestServer } from './testing/test-server.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const isRoot = process.getuid?.() === 0;
let server: TestServer;
let root: string;
let programs: string;

beforeAll(() => {
  execFileSync(process.execPath, [here('../bundle.mjs')]);
});

beforeEach(async () => {
  server = await TestServer.start();
  for (const name of readdirSync(here('../dist')).filter(file => !file.startsWith('.'))) {
    const path = here(`../dist/${name}`);
    if (statSync(path).isFile()) server.files.set(`/agent/${name}`, readFileSync(path));
  }
  root = mkdtempSync(join(tmpdir(), 'muster-install-'));
  programs = join(root, 'programs');
  mkdirSync(programs);
  for (const name of ['sh', 'id', 'readlink', 'mktemp', 'rm', 'cp', 'chmod', 'mv', 'mkdir', 'grep', 'sed', 'sleep']) {
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(programs, name));
  }
  symlinkSync(process.execPath, join(programs, 'node'));
});

afterEach(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

function fake(name: string, script: string): void {
  rmSync(join(programs, name), { force: true });
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, name), 0o755);
}

async function install(...args: string[]) {
  const env = { PATH: programs, MUSTER_INSTALL_ROOT: root };
  const child = spawn('/bin/sh', [here('../packaging/install.sh'), ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', text => {
      output += text;
    });
  }
  const [status] = await once(child, 'close');
  return { status, output };
}

const flags = () => ['--server', server.url, '--token', server.token];
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const mode = (path: string) => statSync(join(root, path)).mode & 0o777;

test.runIf(isRoot)('installs and enrols where no systemd runs, and keeps no token', async () => {
  const { status, output } = await install(...flags());

  expect(output).toContain('installed and enrolled');
  expect(status).toBe(0);
  expect(server.devices.size).toBe(1);
  expect(read('etc/muster-agent/agent.env')).toBe(`MUSTER_SERVER=${server.url}\n`);
  expect([mode('etc/muster-agent/agent.env'), mode('etc/muster-agent'), mode('var/lib/muster-agent')]).toEqual([
    0o600, 0o700, 0o700,
  ]);
  expect(read('opt/muster-agent/muster-agent.mjs')).toBe(server.files.get('/agent/muster-agent.mjs')?.toString());
});

test.runIf(isRoot)('makes, enables and restarts the unit with the Node that was found', async () => {
  mkdirSync(join(root, 'run/systemd/system'), { recursive: true });
  const enrolled = join(root, 'var/lib/muster-agent/enrollment.json');
  fake('systemctl', `echo "$@" >>${root}/asked; [ "$1" != restart ] || : >${enrolled}`);
  fake('cat', 'exec /bin/cat "$@"');

  expect(await install(...flags())).toMatchObject({ status: 0 });

  expect(read('asked').split('\n')).toEqual([
    'daemon-reload',
    'enable --quiet muster-agent.service',
    'restart muster-agent.service',
    '',
  ]);
  const unit = read('etc/systemd/system/muster-agent.service');
  expect(unit).toContain(`ExecStart=${process.execPath} /opt/muster-agent/muster-agent.mjs\n`);
  expect(unit).toContain('KillMode=process\n');
  expect(unit).toContain('MemoryHigh=128M\nMemoryMax=256M\n');
});

test.runIf(isRoot)('a second run upgrades without a token and keeps the other settings', async () => {
  await install(...flags());
  writeFileSync(
    join(root, 'etc/muster-agent/agent.env'),
    'MUSTER_AGENT_COMMAND_TASKS_MAX=512\nMUSTER_SERVER=http://old\n',
  );

  expect(await install('--server', server.url)).toMatchObject({ status: 0 });

  expect(read('etc/muster-agent/agent.env')).toBe(`MUSTER_AGENT_COMMAND_TASKS_MAX=512\nMUSTER_SERVER=${server.url}\n`);
  expect(server.devices.size).toBe(1);
});

test.runIf(isRoot)('installs nothing that is not what the manifest promises', async () => {
  server.files.set('/agent/muster-agent.mjs', Buffer.from('something else'));

  const { status, output } = await install(...flags());

  expect(status).toBe(1);
  expect(output).toContain('is not what the manifest promises');
  expect(existsSync(join(root, 'opt'))).toBe(false);
});

test.runIf(isRoot)('says so when the server refuses the token', async () => {
  const { status, output } = await install('--server', server.url, '--token', 'wrong');

  expect(status).toBe(1);
  expect(output).toContain('the server did not enrol this machine');
});

test.runIf(isRoot).each([
  ['without a server', [], 'no server'],
  ['without a token', ['--server', 'http://127.0.0.1:9'], 'pass --token'],
  ['with an odd token', ['--server', 'http://127.0.0.1:9', '--token', 'a b'], 'hold no blanks'],
  ['with an unknown option', ['--force'], 'unknown option --force'],
  ['when the server is away', ['--server', 'http://127.0.0.1:9', '--token', 't'], 'nothing was installed'],
])('refuses %s', async (_case, args, words) => {
  const { status, output } = await install(...args);

  expect(status).toBe(1);
  expect(output).toContain(words);
  expect(existsSync(join(root, 'opt'))).toBe(false);
});

test.runIf(isRoot)('refuses without a Node that is new enough', async () => {
  fake('node', 'case $1 in -p) echo 20 ;; *) echo v20.1.0 ;; esac');
  expect((await install(...flags())).output).toContain('Node 22 or later is needed');

  rmSync(join(programs, 'node'));
  expect((await install(...flags())).output).toContain('Node 22 or later is not installed');
});

test('refuses without root', async () => {
  fake('id', 'echo 1000');

  const { status, output } = await install(...flags());

  expect(status).toBe(1);
  expect(output).toContain('this needs root');
});
