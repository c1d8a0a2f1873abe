import { expect, test } from 'vitest';
import { createContext } from './context.ts';
import { batchPerCall } from './loader.ts';

test('asks once for what one call wants at the same time, each id once', async () => {
  const batches: (readonly string[])[] = [];
  const lookUp = batchPerCall(async ids => {
    batches.push(ids);
    return new Map(ids.map(id => [id, id.toUpperCase()]));
  });
  const context = createContext();

  const answers = await Promise.all(['a', 'b', 'a'].map(id => lookUp(id, context)));

  expect(answers).toEqual(['A', 'B', 'A']);
  expect(batches).toEqual([['a', 'b']]);
});

test('answers null for what is not found', async () => {
  const lookUp = batchPerCall(async () => new Map([['a', 1]]));

  expect(await lookUp('b', createContext())).toBeNull();
});

test('never mixes calls: each is asked about with its own context', async () => {
  const callers: string[] = [];
  const lookUp = batchPerCall(async (_ids, context) => {
    callers.push(context.requestId);
    return new Map();
  });

  await Promise.all([lookUp('a', createContext({ requestId: '1' })), lookUp('a', createContext({ requestId: '2' }))]);

  expect(callers).toEqual(['1', '2']);
});

test('asks again later in the same call, so that nothing is answered from the past', async () => {
  let version = 0;
  const lookUp = batchPerCall(async () => new Map([['a', ++version]]));
  const context = createContext();

  expect([await lookUp('a', context), await lookUp('a', context)]).toEqual([1, 2]);
});
