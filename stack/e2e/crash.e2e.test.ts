import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endOf, followOutput, onlineDevice, runCommand, until, wholeOutput } from './support/commands.ts';
import { type GraphCaller, setUp } from './support/graph.ts';
import { type StackProcess, startStackProcess } from './support/stack-process.ts';

const LINES = 20;

let stack: StackProcess;
let ada: GraphCaller;
let deviceId: string;

beforeAll(async () => {
  stack = await startStackProcess({ hasAgent: true, env: { MUSTER_UI: 'off' } });
  ada = await setUp(stack);
  deviceId = await onlineDevice(ada);
});
afterAll(async () => {
  await ada?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
});

/** Orders a script of twenty lines that notes each of its starts, and answers once it has written its third. */
async function runUntilThirdLine(): Promise<{ id: string; starts: string }> {
  const starts = join(mkdtempSync(join(tmpdir(), 'muster-starts-')), 'starts');
  const script = `echo run >> ${starts}; for i in $(seq 1 ${LINES}); do echo "line $i"; sleep 0.15; done; exit 3`;
  const id = await runCommand(ada, { deviceId, script });
  let text = '';
  for await (const chunk of followOutput(ada, id)) {
    text += chunk.text;
    if (text.includes('line 3\n')) break;
  }
  return { id, starts };
}

async function expectWholeRun({ id, starts }: { id: string; starts: string }): Promise<void> {
  expect(await endOf(ada, id)).toMatchObject({ status: 'FAILED', exitCode: 3, reason: null });
  const chunks = await wholeOutput(ada, id);
  expect(chunks.map(chunk => chunk.text).join('')).toBe(
    Array.from({ length: LINES }, (_, index) => `line ${index + 1}\n`).join(''),
  );
  expect(chunks.map(chunk => chunk.sequence)).toEqual(chunks.map((_, index) => index + 1));
  expect(readFileSync(starts, 'utf8')).toBe('run\n');
}

test('kill -9 of the agent in the middle of a command loses no line and runs nothing twice', async () => {
  const command = await runUntilThirdLine();

  process.kill(await stack.agentPid(), 'SIGKILL');

  await expectWholeRun(command);
});

test('kill -9 of the stack in the middle of a command loses no line and runs nothing twice', async () => {
  const command = await runUntilThirdLine();

  await stack.crash();
  await stack.start();

  await expectWholeRun(command);
});

test('somebody who watches goes on without a missing or doubled line when the stack is killed and back', async () => {
  const { id } = await runUntilThirdLine();
  const seen: number[] = [];
  const watching = (async () => {
    for await (const { sequence } of followOutput(ada, id)) seen.push(sequence);
  })();
  await until(async () => (seen.length > 0 ? true : undefined));

  await stack.crash();
  await stack.start();
  await watching;

  // the client re-subscribes by itself from where it began; the numbers tell it what it has already
  const known = [...new Set(seen)].sort((a, b) => a - b);
  expect(known).toEqual(known.map((_, index) => index + 1));
  expect(known.length).toBeGreaterThanOrEqual(2);
});

test('a command for a device that is away waits for it', async () => {
  const pid = await stack.agentPid();
  process.kill(pid, 'SIGSTOP');
  const id = await runCommand(ada, { deviceId, script: 'echo back' });

  process.kill(pid, 'SIGCONT');

  expect(await endOf(ada, id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(existsSync(`/proc/${pid}`)).toBe(true);
});
