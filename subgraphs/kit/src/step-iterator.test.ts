import { expect, test } from 'vitest';
import { Channel } from './channel.ts';
import { StepIterator } from './step-iterator.ts';

test('steps until there is nothing more, then lets go of its source', async () => {
  const values = [1, 2];
  let returned = 0;
  const iterator = new StepIterator<number>({ step: async () => values.shift(), onReturn: () => returned++ });

  expect(await Array.fromAsync(iterator)).toEqual([1, 2]);
  expect(returned).toBe(1);
});

test('return() ends a step that waits for a quiet source', async () => {
  const source = new Channel<number>({ limit: 1 });
  const iterator = new StepIterator<number>({
    step: async () => (await source.next()).value,
    onReturn: () => void source.return(),
  });
  const waiting = iterator.next();

  await iterator.return();

  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(source.isOver).toBe(true);
});

test('an error of a step reaches the reader and lets go of the source', async () => {
  let returned = 0;
  const iterator = new StepIterator<number>({
    step: () => Promise.reject(new Error('gone')),
    onReturn: () => returned++,
  });

  await expect(iterator.next()).rejects.toThrow('gone');
  expect(returned).toBe(1);
  expect((await iterator.next()).done).toBe(true);
});
