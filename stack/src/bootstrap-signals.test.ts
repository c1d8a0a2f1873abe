import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { aProject, bootstrap, isAlive, removeProjects, watch } from './testing/fake-project.ts';

/** Stays until a signal comes, tells which, and takes a moment to stop: long enough for a second one to be seen. */
const reporter = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {
    console.log('got ' + signal);
    setTimeout(() => process.exit(0), 300);
  });
  console.log('ready ' + process.pid);
  setInterval(() => undefined, 1000);`;

afterEach(removeProjects);

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'passes %s on exactly once and leaves nothing behind',
  async signal => {
    const project = await aProject(reporter);
    const start = bootstrap(project, ['start']);
    const pid = await start.says(/ready (\d+)/);

    start.child.kill(signal);
    await start.says(/got (\w+)/);
    start.child.kill(signal);
    const { code, output } = await start.ended;

    expect(output.match(/got \w+/g)).toEqual([`got ${signal}`]);
    expect(code).toBe(0);
    expect(isAlive(pid)).toBe(false);
  },
);

test.runIf(existsSync('/usr/bin/script'))(
  'gives Ctrl-C of a terminal to the services once, also below npm',
  async () => {
    const project = await aProject(reporter);
    await bootstrap(project, ['agent']).ended;
    const terminal = watch(spawn('/usr/bin/script', ['-qec', 'npm start', '/dev/null'], { cwd: project }));
    const pid = await terminal.says(/ready (\d+)/);

    terminal.child.stdin.write('\x03');
    const { output } = await terminal.ended;

    expect(output.match(/got \w+/g)).toEqual(['got SIGINT']);
    expect(isAlive(pid)).toBe(false);
  },
);

test('stops the services in order when npm is asked to end', async () => {
  const project = await aProject(reporter);
  const npm = watch(spawn('npm', ['start'], { cwd: project }));
  const pid = await npm.says(/ready (\d+)/);

  npm.child.kill('SIGTERM');
  const { code, output } = await npm.ended;

  expect(output.match(/got \w+/g)).toEqual(['got SIGTERM']);
  expect(code).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

test('stops the services when npm is killed', async () => {
  const project = await aProject(reporter);
  const npm = watch(spawn('npm', ['start'], { cwd: project }));
  const pid = await npm.says(/ready (\d+)/);

  npm.child.kill('SIGKILL');

  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
});

test('reports the end of a killed program as a shell does', async () => {
  const project = await aProject('process.kill(process.pid, "SIGKILL");');

  expect((await bootstrap(project, ['start']).ended).code).toBe(137);
});
