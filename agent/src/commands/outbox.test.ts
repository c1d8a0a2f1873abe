import { afterEach, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { OperationError } from '../operation-error.ts';
import type { CommandReport } from '../operations.ts';
import { until } from '../testing/facts.ts';
import { Outbox, type SendReports } from './outbox.ts';
import { LateReport, refusal } from './reporting.ts';

const outboxes: Outbox[] = [];

afterEach(() => {
  for (const outbox of outboxes.splice(0)) outbox.close();
});

function anOutbox(send: SendReports, isReady = () => true): Outbox {
  const outbox = new Outbox({ send, isReady, log: createLog(() => undefined) });
  outboxes.push(outbox);
  return outbox;
}

const aReport = (id: string) => new LateReport(id, refusal('why', '2026-01-01T00:00:00.000Z'));
const acknowledge = (reports: CommandReport[]) =>
  reports.map(({ commandId }) => ({ commandId, throughSequence: 0, isFinal: true }));

test('one report that the server refuses holds up no other', async () => {
  const delivered: string[] = [];
  const outbox = anOutbox(async reports => {
    if (reports.some(({ commandId }) => commandId === 'bad')) throw new OperationError('BAD_USER_INPUT', 'no');
    delivered.push(...reports.map(({ commandId }) => commandId));
    return acknowledge(reports);
  });

  for (const id of ['one', 'bad', 'two']) outbox.add(aReport(id));

  await until('the others are through', () => delivered.length === 2);
  expect(outbox.size).toBe(1);
});

test('sends nothing while offline and everything once the link is back', async () => {
  let isReady = false;
  const delivered: string[] = [];
  const outbox = anOutbox(
    async reports => {
      delivered.push(...reports.map(({ commandId }) => commandId));
      return acknowledge(reports);
    },
    () => isReady,
  );

  outbox.add(aReport('one'));
  await outbox.settle(50);
  expect(delivered).toEqual([]);
  isReady = true;
  outbox.retryNow();

  await until('it is through', () => delivered.length === 1);
  await until('it is forgotten', () => outbox.size === 0);
});

test('keeps a report whose acknowledgement is missing', async () => {
  let calls = 0;
  const outbox = anOutbox(async () => {
    calls++;
    return [];
  });

  outbox.add(aReport('one'));

  await until('it was sent twice', () => calls >= 2);
  expect(outbox.size).toBe(1);
});
