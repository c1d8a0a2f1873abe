import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Collector } from './collectors/collectors.ts';
import { Inventory } from './inventory.ts';
import { createLog } from './log.ts';
import { OperationError } from './operation-error.ts';
import { until } from './testing/facts.ts';

let dataDir: string;
let facts: { os: string; users: string };
let sent: string[];
let isRefusing: boolean;
let unknown: string[];
let stamp: string;
let inventory: Inventory;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'muster-inventory-'));
  facts = { os: 'one', users: 'one' };
  sent = [];
  isRefusing = false;
  unknown = [];
  stamp = 'one';
  inventory = open();
});

afterEach(() => {
  inventory.close();
  rmSync(dataDir, { recursive: true });
});

function open(more: readonly Collector[] = [], heavyAfterMs = 0): Inventory {
  return new Inventory({
    dataDir,
    isReady: () => true,
    log: createLog(() => undefined),
    collectors: [
      { section: 'OS', collect: () => ({ facts: facts.os }) },
      { section: 'USERS', collect: () => [facts.users] },
      ...more,
    ],
    heavyAfterMs,
    send: async ({ sections }) => {
      if (isRefusing) throw new OperationError('DISCONNECTED', '');
      if (sections.some(({ section }) => unknown.includes(section))) throw new OperationError('BAD_USER_INPUT', '');
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

const heavy: Collector = {
  section: 'UPDATES',
  collect: () => ['updates'],
  stamp: () => stamp,
  isAlone: true,
  isHeavy: true,
};
const services: Collector = { section: 'SERVICES', collect: () => ['services'], isAlone: true };

/** Resolves when all rounds that were asked for are over. */
async function rounds(): Promise<void> {
  facts.users += '.';
  const before = sent.length;
  inventory.report();
  await until('another round was made', () => sent.length > before);
}

test('a section that the server does not know stops no other and is offered again on the next connection', async () => {
  inventory.close();
  unknown = ['SERVICES'];
  inventory = open([services, { ...services, section: 'CONTAINERS' }]);

  inventory.connected();
  await until('the others are sent', () => sent.length === 3);
  await rounds();
  expect(sent.filter(text => text.startsWith('SERVICES'))).toEqual([]);
  unknown = [];
  await rounds();
  expect(sent.filter(text => text.startsWith('SERVICES'))).toEqual([]);
  inventory.connected();

  await until('it is sent', () => sent.includes('SERVICES ["services"]'));
});

test('leaves a heavy section alone while the machine starts, until it is asked for', async () => {
  inventory.close();
  inventory = open([heavy], 60_000);

  inventory.report();
  await until('the others are sent', () => sent.length === 2);
  await rounds();
  expect(sent).toHaveLength(3);
  inventory.refresh();

  await until('it is sent', () => sent.includes('UPDATES ["updates"]'));
});

test('collects what has a stamp only when that changed, what is heavy not even after a restart', async () => {
  let collected = 0;
  const counted = { ...heavy, collect: () => [++collected] };
  inventory.close();
  inventory = open([counted]);
  inventory.report();
  await until('it is sent', () => sent.includes('UPDATES [1]'));
  await rounds();
  await until('it is remembered', () =>
    readFileSync(join(dataDir, 'inventory.json'), 'utf8').includes('"UPDATES":"one"'),
  );
  inventory.close();

  inventory = open([counted]);
  await rounds();
  expect(collected).toBe(1);
  stamp = 'two';
  await rounds();

  await until('the change is sent', () => sent.includes('UPDATES [2]'));
});
