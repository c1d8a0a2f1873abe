import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Inventory } from './inventory.ts';
import { createLog } from './log.ts';
import { OperationError } from './operation-error.ts';
import { until } from './testing/facts.ts';

let dataDir: string;
let facts: { os: string; users: string };
let sent: string[];
let isRefusing: boolean;
let inventory: Inventory;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'muster-inventory-'));
  facts = { os: 'one', users: 'one' };
  sent = [];
  isRefusing = false;
  inventory = open();
});

afterEach(() => {
  inventory.close();
  rmSync(dataDir, { recursive: true });
});

function open(): Inventory {
  return new Inventory({
    dataDir,
    isReady: () => true,
    log: createLog(() => undefined),
    collectors: [
      { section: 'OS', collect: () => ({ facts: facts.os }) },
      { section: 'USERS', collect: () => [facts.users] },
    ],
    send: async ({ sections }) => {
      if (isRefusing) throw new OperationError('DISCONNECTED', '');
      sent.push(...sections.map(({ section, data }) => `${section} ${data}`));
      return sections.map(({ section }) => section);
    },
  });
}

const all = ['OS {"facts":"one"}', 'USERS ["one"]'];

test('sends everything first, then only what changed, also after a restart', async () => {
  inventory.report();
  await until('it is remembered', () => existsSync(join(dataDir, 'inventory.json')));
  inventory.close();

  inventory = open();
  facts.users = 'two';
  inventory.report();
  await until('the change is sent', () => sent.length === 3);

  expect(sent).toEqual([...all, 'USERS ["two"]']);
});

test('sends everything when asked to', async () => {
  inventory.report();
  await until('all is sent', () => sent.length === 2);

  inventory.refresh();

  await until('all is sent again', () => sent.length === 4);
  expect(sent).toEqual([...all, ...all]);
});

test('sends again what the server did not acknowledge', async () => {
  isRefusing = true;
  inventory.report();
  isRefusing = false;
  inventory.report();

  await until('all is sent', () => sent.length === 2);
  expect(sent).toEqual(all);
});
