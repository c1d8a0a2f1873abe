import { expect, test } from 'vitest';
import { GroupedWork } from './grouped-work.ts';

function countingWork(options: { maxBatch?: number; maxWaiting?: number } = {}) {
  const batches: number[][] = [];
  const work = new GroupedWork<number, number>({
    work: async items => {
      batches.push([...items]);
      await new Promise(resolve => setImmediate(resolve));
      if (items.includes(13)) throw new Error('unlucky');
      return items.map(item => item * 2);
    },
    maxBatch: options.maxBatch ?? 100,
    maxWaiting: options.maxWaiting ?? 100,
  });
  return { work, batches };
}

test('calls of one turn share a run and each gets its own answer', async () => {
  const { work, batches } = countingWork();

  expect(await Promise.all([1, 2, 3].map(item => work.do(item)))).toEqual([2, 4, 6]);

  expect(batches).toEqual([[1, 2, 3]]);
});

test('calls that arrive during a run share the next, no more than a run takes', async () => {
  const { work, batches } = countingWork({ maxBatch: 2 });
  const first = work.do(1);
  await new Promise(resolve => setImmediate(resolve));

  await Promise.all([first, ...[2, 3, 4].map(item => work.do(item))]);

  expect(batches).toEqual([[1], [2, 3], [4]]);
});

test('a run that fails rejects its own calls and no others', async () => {
  const { work } = countingWork({ maxBatch: 1 });

  const results = await Promise.allSettled([work.do(13), work.do(1)]);

  expect(results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 2 }]);
});

test('a call too many is told to come again', async () => {
  const { work } = countingWork({ maxWaiting: 1 });
  const kept = work.do(1);

  await expect(work.do(2)).rejects.toMatchObject({ code: 'RATE_LIMITED' });

  expect(await kept).toBe(2);
});

test('settles when nothing waits any more', async () => {
  const { work, batches } = countingWork({ maxBatch: 1 });
  const all = [1, 2].map(item => work.do(item));

  await work.settle();

  expect(batches).toEqual([[1], [2]]);
  await Promise.all(all);
});
