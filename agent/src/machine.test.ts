import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { machineFacts } from './machine.ts';
import { AgentBench } from './testing/agent-bench.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-root-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

test('derives an id of its own from the confidential one, the same each time', () => {
  const confidential = '0123456789abcdef0123456789abcdef';
  put('etc/machine-id', `${confidential}\n`);

  const { machineId } = machineFacts(root);

  expect(machineId).toMatch(/^[0-9a-f]{32}$/);
  expect(machineId).not.toBe(confidential);
  expect(machineFacts(root).machineId).toBe(machineId);
});

test('names the addresses of cards only', () => {
  for (const [name, address] of [
    ['eth0', '3C:EC:EF:00:00:01'],
    ['eth1', '3c:ec:ef:00:00:01'],
    ['ens3', '52:54:00:00:00:01'],
    ['docker0', '02:42:ac:11:00:02'],
    ['tun0', ''],
  ] as const) {
    if (name.startsWith('e')) put(`sys/class/net/${name}/device/vendor`, '');
    put(`sys/class/net/${name}/ifindex`, '2\n');
    put(`sys/class/net/${name}/address`, `${address}\n`);
  }

  expect(machineFacts(root).macAddresses).toEqual(['3c:ec:ef:00:00:01', '52:54:00:00:00:01']);
});

test('says null where nothing is known', () => {
  put('etc/machine-id', 'uninitialized\n');

  expect(machineFacts(root)).toEqual({ machineId: null, serialNumber: null, macAddresses: [] });
});

test('the server is told at enrolment', async () => {
  await using bench = await AgentBench.start();

  expect(bench.server.facts).toMatchObject(machineFacts());
});

test('a server that does not know these facts enrols the device without them', async () => {
  await using bench = await AgentBench.empty({ isFirst: true });
  bench.run();
  await bench.present();

  expect(Object.keys(bench.server.facts).sort()).toEqual(['agentVersion', 'hostname', 'osFamily', 'protocol']);
});
