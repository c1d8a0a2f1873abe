import { expect, test } from 'vitest';
import { LocalBus } from './bus.ts';
import { describeBus } from './testing/bus-contract.ts';

describeBus('local', async () => {
  const bus = new LocalBus();
  return { here: bus, there: bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
});

test('forgets a topic when its last listener leaves', async () => {
  const bus = new LocalBus();
  const [one, two] = [bus.subscribe('a'), bus.subscribe('a')];

  await one.return();
  expect(bus.topicCount).toBe(1);
  await two.return();

  expect(bus.topicCount).toBe(0);
});

test('wakes the listeners of every topic', async () => {
  const bus = new LocalBus();
  const [one, two] = [bus.subscribe('a'), bus.subscribe('b')];

  bus.wakeAll();

  expect([(await one.next()).value, (await two.next()).value]).toEqual([null, null]);
});
