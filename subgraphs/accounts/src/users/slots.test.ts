import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('runs only so many at once, the others in the order of their coming', async () => {
  const slots = new Slots({ running: 2, waiting: 10 });
  const started: number[] = [];
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());

  const runs = gates.map((gate, index) =>
    slots.run(() => {
      started.push(index);
      return gate.promise;
    }),
  );
  await expect.poll(() => started).toEqual([0, 1]);

  gates[1]!.resolve();
  await expect.poll(() => started).toEqual([0, 1, 2]);

  for (const gate of gates) gate.resolve();
  await Promise.all(runs);
  expect(started).toEqual([0, 1, 2, 3]);
});

test('refuses whoever would have to wait behind too many', async () => {
  const slots = new Slots({ running: 1, waiting: 1 });
  const gate = Promise.withResolvers<void>();
  const running = slots.run(() => gate.promise);
  const waiting = slots.run(async () => 'done');

  await expect(slots.run(async () => 'never')).rejects.toMatchObject({ code: 'RATE_LIMITED' });

  gate.resolve();
  await running;
  expect(await waiting).toBe('done');
});

test('frees the slot of work that fails', async () => {
  const slots = new Slots({ running: 1, waiting: 0 });

  await expect(slots.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');

  expect(await slots.run(async () => 'next')).toBe('next');
});
