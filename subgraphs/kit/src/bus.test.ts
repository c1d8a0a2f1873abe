import { expect, test } from 'vitest';
import { LocalBus } from './bus.ts';

test('tells everybody who listens to a topic, and nobody else', async () => {
  const bus = new LocalBus();
  const [one, two, other] = [bus.subscribe('a'), bus.subscribe('a'), bus.subscribe('b')];

  bus.publish('a', 1);

  expect([(await one.next()).value, (await two.next()).value]).toEqual([1, 1]);
  expect(other.size).toBe(0);
});

test('forgets a topic when its last listener leaves', async () => {
  const bus = new LocalBus();
  const [one, two] = [bus.subscribe('a'), bus.subscribe('a')];

  await one.return();
  expect(bus.topicCount).toBe(1);
  await two.return();

  expect(bus.topicCount).toBe(0);
});

test('keeps the newest wake-up of a listener who is busy', async () => {
  const bus = new LocalBus();
  const busy = bus.subscribe<number>('a', 1);
  for (const value of [1, 2, 3]) bus.publish('a', value);

  expect((await busy.next()).value).toBe(3);
});

test('ends its listeners with itself', async () => {
  const bus = new LocalBus();
  const waiting = bus.subscribe('a').next();

  await bus[Symbol.asyncDispose]();

  expect((await waiting).done).toBe(true);
});
